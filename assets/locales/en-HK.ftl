### Everything the terminal says, in English. zh-HK.ftl says the same, message for message.
### After a change run assets/fonts/make.sh bold.

## Buttons

do-enter = Enter
do-menu = Menu
do-recent = Recent
do-stop = Stop
do-back = Back
do-show-code = Show QR code
do-print-code = 1: Print QR code
do-pay-by-link = 2: Pay by link
do-cancel-payment = Cancel it
do-next-customer = Next customer
do-amount-right = Yes, go on
do-change-amount = No, change it
do-another-sale = Yes, another sale
do-no = No
do-new-sale = New sale
do-try-again = Try again
do-try-again-manager = Try again (manager)
do-later = Later
do-goods-handed-over = 1: Goods handed over
do-pay-back = 2: Give money back
do-print-copy = Print a copy
do-print-sign = Print a sign
do-open = Open
do-choose = Choose

## Amount

amount = Amount
amount-hint = Type the amount, then Enter
amount-go-on = Enter to go on
confirm-amount = Is this amount right?
confirm-amount-hint = It is larger than most.
same-amount = Another sale of the same amount?
same-amount-hint = A sale of this amount is not settled yet. Do not charge the same customer twice.

## While a sale goes on

scan-theirs = Hold the customer's code to the scanner
scan-theirs-hint = The customer opens the wallet and shows the payment code.
or-scan-theirs = Or hold the customer's code to the scanner.
scan-ours = Waiting for the customer to scan
take-along = The customer can take the code along. It is waited for by itself.
make-code = The customer scans our QR code
make-code-hint = Press QR to show it.
making-code = Making the QR code
no-way-to-collect = The scanner does not work
asking = Asking the payment service
please-wait = Please wait.
confirm = Ask the customer to confirm
trust-this-screen = Trust this screen, not the phone.
unknown = Not known yet
unknown-hint = Do not hand over goods, do not charge again.
cancelling = Cancelling, please wait
cancelling-scan-waits = The code just scanned is sent once this is settled.
seconds = seconds

## Results

paid = Paid
not-paid = Not paid
no-connection = No connection
nothing-charged = Nothing was charged.
reversed = Cancelled: NOT PAID
reversed-hint = Do not hand over goods. If money left the wallet it comes back.
unsettled = Not settled
unsettled-hint = Being checked. Do not charge again without the manager.
paid-late = Paid after all
paid-late-hint = Goods handed over, or give the money back?
paid-late-no-refund = Were the goods handed over? If not, call the manager: this terminal may not give money back.
answer-code = Code { $code }

reason-code-invalid = The payment code is wrong or too old. Ask the customer for a new one.
reason-balance = Not enough money in the wallet. Ask for another way to pay.
reason-risk = The wallet said no for safety. Ask for another way to pay.
reason-parameter = This terminal's settings are wrong. Call the manager.
reason-id-used = This number was used before. Try again.
reason-cut-off = The day for cancelling is over.
reason-state = The payment can't be changed any more.
reason-too-much = More than what is left of the payment.
reason-not-accepted = This terminal's key is not accepted. Call the manager.
reason-failed = The customer or the wallet refused. Ask for another code, or another way to pay.
reason-closed = The payment was closed before it was paid.
reason-never-arrived = The payment never reached the payment service.
reason-other = The payment service said no. Ask for another way to pay.

unreachable-name = The payment service's name was not found. Check the network.
unreachable-connect = The payment service can't be reached. Check the network.
unreachable-tls = The connection is not safe. Check the clock and the network.
unreachable-request = This terminal's settings are wrong. Call the manager.

why-no-answer = The cancellation was not answered.
why-absent = The payment service does not know the payment; it may still arrive.
why-processing = The payment is still being processed.
why-contradiction = The payment service contradicts itself.
why-no-cancel = This wallet can't cancel.
why-cut-off = The day for cancelling is over.
why-cancel-refused = The cancellation was refused ({ $code }).
payable-until = It can still be paid until { $time }.
code-until = Good until { $time }
giving-back = Giving money back
give-back-unknown = Refund not known yet
give-back-unknown-hint = Do not give cash back. It is asked again by itself.
given-back = Money given back
not-given-back = Not given back
give-back-refused = The payment service refused. Call the manager.
give-back-differs = This terminal knows of { $ours } given back before, the payment service of { $theirs }. Call the manager.
give-back-not-paid = The payment service says that it is not paid any more.
give-back-not-asked = The payment service did not answer. Nothing was given back. Try again later.
give-back-not-sent = No connection: nothing was given back. Try again.

paper-printing = The receipt is being printed
paper-printed = The receipt is printed
paper-not-confirmed = Sent to the printer, which can't confirm
paper-held = The receipt waits for the printer
slip-printing = The slip is being printed
slip-printed = The slip is printed
slip-held = The slip waits for the printer

## Where a transaction stands

standing-open = Waiting
standing-cancelling = Cancelling
standing-unsettled = Not settled
standing-paid-late = Paid late
standing-paid = Paid
standing-refused = Not paid
standing-not-sent = No connection
standing-reversed = Cancelled
standing-giving-back = Giving money back
standing-partly-given-back = Partly refunded
standing-given-back = Refunded

## Lists

recent = Recent transactions
recent-empty = No transactions yet
menu = Menu
menu-copy = Print the last receipt again
menu-print-held = { $count ->
    [one] Print the receipt that waits
   *[other] Print { $count } receipts that wait
}
menu-shop-code = Shop's static code
menu-shop-code-off = Shop's static code: off, nothing listens
menu-language = 中文
menu-set-clock = Set the clock (manager)
menu-give-back = Give money back (manager)
menu-close-day = Close the day
find = Give money back: which payment?
find-hint = Scan the receipt's code, or type its number.
find-asking = Asking the payment service
give-back = Give back how much?
give-back-hint = Enter for all of it, or type a part.
give-back-paid = Paid: { $amount }
give-back-left = Left: { $amount }

## One transaction, and the receipt's lines

label-time = Time
label-product = Method
label-order = Order no.
label-acquirer = Acquirer no.
label-cancel = Cancel no.
label-refund = Refund no.
label-given-back = Given back
label-terminal = Terminal
label-wallet = Wallet
label-next-question = Asked again in
label-cancel-until = Can be cancelled until
label-code-until = Code good until
label-paper = Paper
in-seconds = { $seconds } s
product-payment-code = Payment code
product-order-code = Order code
product-link = Payment link
product-entry-code = Shop's static code
wallet-alipay-hk = AlipayHK
no-time = time not known

## The shop's static code

shop-code = Shop's static code
shop-code-hint = The customer scans it and enters the amount. A payment shows here by itself.
shop-code-scan = Scan to pay
shop-code-enter = Enter the amount, and show the cashier that it is paid.

## The day

day-comparing = Comparing the day
day-comparing-hint = Each payment is asked about, which takes a while. You can go on selling.
day-agrees = The day agrees
day-differs = The day differs
day-not-all-asked = Not all could be asked
day-not-all-settled = Not all is settled
day-not-compared = Not compared
day-not-compared-hint = Nothing was asked. Try again later, or call the manager.
day-took = { $day }: { $count } paid, { $paid }. Given back: { $back }
day-counts = { $agree } agree, { $differ } differ, { $open } not settled, { $unknown } not asked
day-difference = { $id }: here { $ours }, payment service { $theirs }
day-nothing = nothing
day-more = and { $count } more
day-unsettled = { $count } not settled: see the recent list

## PIN and clock

pin = Manager's PIN
pin-for-attempt = To charge again beside an unsettled sale
pin-for-clock = To set the clock
pin-for-give-back = To give money back
pin-wrong = Wrong PIN. Try again.
pin-checking = Checking
clock = Date and time
clock-hint = Year, month, day, hour, minute

## Out of service

out-of-service = Out of service
out-of-service-hint = No sale can be started. Call the manager.
cause-disk-full = The disk is full.
cause-journal-broken = The journal can't be written.
cause-journal-damaged = The journal is damaged.
cause-journal-newer = The journal is from a newer version of this program.
paid-and-not-recorded = { $amount } was paid and is NOT recorded.
paid-and-not-recorded-hint = Call the manager. Write down the number below.

## What keeps the terminal from selling

hindrance-connecting = Connecting to the payment service
hindrance-key = This terminal's key is not accepted. Call the manager.
hindrance-clock = Clock wrong: set the time in the menu.

## Devices

device-trouble = { $device }: { $health }
device-scanner = Scanner
device-printer = Printer
device-display = Display
device-customer-display = Customer display
health-working = works
health-paper-near-end = paper low
health-missing = not there
health-silent = no answer
health-no-paper = no paper
health-cover-open = cover open
health-faulty = fault

## Notices

notice-scan-empty = The scan was empty. Scan again.
notice-scan-not-digits = That is no payment code. Ask for the code under Pay.
notice-scan-too-short = That code is too short for a payment code.
notice-scan-too-long = That code is too long for a payment code.
notice-scan-receipt = That is a receipt's code, not a payment code.
notice-scan-order-code = That is a code for scanning. Ask for the customer's payment code.
notice-scan-shop-code = That is a shop's code. Ask for the customer's payment code.
notice-scan-wechat = That is a WeChat Pay code, which is not taken here.
notice-scan-unionpay = That is a UnionPay code, which is not taken here.
notice-code-used = That code was just used. Ask for a new one.
notice-new-code = That code waited too long. Ask for a new one.
notice-scan-not-wanted = No scan is needed now.
notice-amount-zero = Type an amount first.
notice-amount-too-large = At most { $amount }.
notice-too-many-decimals = No more decimals.
notice-no-order-code = No QR code could be made. Scan the customer's code.
notice-order-code-expired = The QR code's time was over. It is cancelled.
notice-pin-wrong = Wrong PIN.
notice-time-refused = That is no possible date and time.
notice-time-set = The clock is set.
notice-parked-ended = { $amount } for an earlier customer: { $standing }
notice-cut-off-near = Soon unpaid sales can't be cancelled any more.
notice-no-refunds = This terminal may not give money back. It stays as it is.
notice-pin-missing = Locked: the manager's PIN is missing.
notice-no-such-order = No payment has this number.
notice-order-not-asked = This terminal does not know it, and the payment service did not answer.
notice-other-paid = Another terminal's payment of { $amount }. Give the money back there.
notice-other-not-paid = Another terminal's order of { $amount }, which is not paid.
notice-nothing-to-give-back = Nothing of it is left to give back.
notice-giving-back-already = Its money is on its way back already.
notice-more-than-left = Only { $amount } is left of it.
notice-not-given-back = Money of the payment of { $amount } was NOT given back. See the recent list.
notice-received = { $amount } received by the shop's static code.
notice-may-be-missing = Nothing listened since { $time }: payments by the static code may be missing. Compare with the acquirer.
notice-nothing-listens = The static code is off: this terminal does not listen for notifications.
notice-day-agrees = The day was compared: it agrees.
notice-day-differs = The day was compared and DIFFERS. Call the manager; the journal has it.
notice-day-not-all = The day was compared: not all is known yet. Close it again later.
notice-day-not-compared = The day could not be compared. Close it again later.
notice-nothing-to-print = There is nothing to print.

## The customer's display

customer-welcome = Welcome
customer-amount = Amount
customer-show-code = Show your payment code
customer-scan = Scan to pay
customer-or-show-code = Or show your payment code
customer-wait = Please wait
customer-confirm = Confirm in your wallet
customer-cancelling = Cancelling
customer-paid = Paid
customer-thanks = Thank you
customer-not-paid = Not paid
customer-cancelled = Cancelled
customer-comes-back = If money left your wallet it comes back.
customer-given-back = Money given back
customer-closed = Closed
customer-ask = Please ask the cashier.

## Receipts

receipt-paid = Paid
receipt-not-paid = Not paid
receipt-reversed = Cancelled, not paid
receipt-reversed-hint = If money left your wallet it comes back.
receipt-unsettled = Not settled
receipt-unsettled-hint = The result is being checked. Please keep this paper.
receipt-paid-late = Paid late
receipt-paid-late-hint = The payment arrived after the sale had ended.
receipt-given-back = Money given back
receipt-given-back-hint = It goes back to the wallet that paid.
receipt-scan-to-pay = Scan to pay
receipt-scan-until = Not paid yet. Good until { $time }.
receipt-void = Void, not paid
receipt-void-hint = The QR code printed for this order can not be used any more.
receipt-duplicate = Duplicate
receipt-not-a-receipt = Not a receipt
receipt-not-sent-hint = There was no connection. Nothing was charged.
receipt-unsettled-again = Do not charge again without the manager.
receipt-answer-code = Code

receipt-reason-code-invalid = The payment code is wrong or too old.
receipt-reason-balance = Not enough money in the wallet.
receipt-reason-risk = The wallet said no for safety.
receipt-reason-parameter = The terminal's settings are wrong.
receipt-reason-id-used = The order no. was used before.
receipt-reason-not-accepted = The terminal's key is not accepted.
receipt-reason-failed = The customer or the wallet refused.
receipt-reason-other = The payment service said no.

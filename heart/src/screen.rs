//! What is on the screens, as values: no text, no pixels.

mod name;

use alloc::string::String;
use alloc::vec::Vec;

use crate::ask::{Decline, OrderCode, Product, Unreachable};
use crate::code::{MaskedCode, NotACode};
use crate::day::{Compared, DayVerdict};
use crate::event::{Device, Health};
use crate::ids::{OrderId, UqOrderId};
use crate::money::{Amount, Currency};
use crate::now::Wall;
use crate::receipt::PaperSays;
use crate::record::WhyUnsettled;
use crate::settings::Language;

/// All that the counter shows at one moment.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct View {
    /// The cashier's screen.
    pub cashier: Screen,
    /// The customer's display.
    pub customer: CustomerScreen,
    /// The strip at the top of the cashier's screen.
    pub strip: Strip,
    /// A sentence across the bottom: what was just refused, or what to do.
    pub notice: Option<Notice>,
    /// The lamp.
    pub lamp: Lamp,
    /// The cashier's language.
    pub language: Language,
}

/// The cashier's screen.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Screen {
    /// Ready for an amount.
    Amount(AmountScreen),
    /// A large amount: is it right?
    ConfirmAmount {
        /// The amount.
        amount: Amount,
    },
    /// An unsettled sale of the same amount exists: is this another one?
    SameAmount {
        /// The amount.
        amount: Amount,
        /// The unsettled sale.
        unsettled: OrderId,
    },
    /// Scan or be scanned.
    Collecting(Collecting),
    /// The PAY is on its way.
    Asking {
        /// How much.
        amount: Amount,
    },
    /// The wallet asks the customer.
    Confirm(Waiting),
    /// The result is not known yet.
    Unknown(Waiting),
    /// On its way back.
    Cancelling {
        /// How much.
        amount: Amount,
        /// A scanned code waits for it.
        scan_waits: bool,
        /// It may be parked.
        may_park: bool,
    },
    /// An end, or what stands for one.
    Result(ResultScreen),
    /// Paid after all: goods handed over, or give the money back?
    PaidLate(PaidLateScreen),
    /// The last transactions, unsettled first.
    Recent(RecentScreen),
    /// One transaction.
    One(OneScreen),
    /// Which payment's money is given back?
    Find(FindScreen),
    /// How much of it?
    GiveBack(GiveBackScreen),
    /// It is on its way back, or what came of that.
    GivingBack(GivingBackScreen),
    /// The menu.
    Menu(MenuScreen),
    /// The manager's PIN.
    Pin {
        /// How many digits were typed.
        digits: usize,
        /// What for.
        purpose: PinPurpose,
        /// The last one was wrong.
        wrong: bool,
        /// It is being checked.
        checking: bool,
    },
    /// Date and time: what was typed so far, `YYYYMMDDhhmm`.
    Clock {
        /// The digits.
        typed: String,
    },
    /// The shop's static code, to be scanned or printed.
    ShopCode(ShopCodeScreen),
    /// The day is compared with the acquirer, or was.
    DayClose(DayCloseScreen),
    /// Nothing can be sold.
    OutOfService(OutOfService),
}

/// [`Screen::ShopCode`].
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct ShopCodeScreen {
    /// The code.
    pub code: OrderCode,
    /// Whether a counter sign can be printed.
    pub may_print: bool,
    /// Since when payments may be missing, where that is so.
    pub missed_since: Option<Wall>,
}

/// [`Screen::DayClose`].
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct DayCloseScreen {
    /// How far it is.
    pub state: DayClose,
    /// How many transactions are not settled, of whatever day: they carry over.
    pub unsettled: usize,
}

/// How far the day's comparison is.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum DayClose {
    /// The acquirer is being asked.
    Comparing,
    /// What came of it.
    Compared(Compared),
    /// Nothing could be compared.
    NotCompared,
}

/// [`Screen::Amount`].
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct AmountScreen {
    /// What was typed, formatted; `None` while nothing was.
    pub typed: Option<Typed>,
    /// The shop's currency.
    pub currency: Currency,
    /// Whether a decimal point can be typed.
    pub point: bool,
    /// Whether an order code is made on a key.
    pub order_code: bool,
    /// What keeps the terminal from selling.
    pub hindrance: Option<Hindrance>,
    /// The last transaction.
    pub last: Option<Summary>,
}

/// An amount in the middle of being typed.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Typed {
    /// As it is shown: `1,250.5`, without the currency.
    pub text: String,
    /// What it is worth if Enter is pressed now.
    pub amount: Amount,
}

/// Why nothing can be sold just now.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Hindrance {
    /// The first question to the acquirer has not been answered yet.
    Connecting,
    /// The acquirer can't be reached.
    NoConnection(Unreachable),
    /// The acquirer does not accept the terminal's key, or its answers do not verify.
    KeyNotAccepted,
    /// The clock can't be trusted.
    ClockWrong,
}

/// [`Screen::Collecting`]: scan or be scanned.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Collecting {
    /// How much.
    pub amount: Amount,
    /// Whether the scanner works and payment codes are taken.
    pub scanner: bool,
    /// The order code.
    pub code: CodeState,
    /// Whole seconds left; `None` while there is no limit.
    pub seconds_left: Option<u64>,
    /// Until when the code is good, where the customer can take it along.
    pub until: Option<Wall>,
    /// It may be parked.
    pub may_park: bool,
    /// An order code can be printed, or this one again.
    pub may_print: bool,
    /// It can be collected by a link.
    pub may_link: bool,
}

/// What there is of an order code.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum CodeState {
    /// The shop takes none.
    Absent,
    /// The `qr` key makes one.
    OnKey,
    /// It is being made.
    Making,
    /// It is on the display, to be scanned.
    Shown(OrderCode),
}

/// [`Screen::Confirm`] and [`Screen::Unknown`].
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Waiting {
    /// How much.
    pub amount: Amount,
    /// Whole seconds until it is cancelled.
    pub seconds_left: u64,
    /// It may be parked.
    pub may_park: bool,
}

/// [`Screen::Result`].
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct ResultScreen {
    /// How much.
    pub amount: Amount,
    /// The transaction.
    pub id: OrderId,
    /// How it ended.
    pub outcome: Outcome,
    /// What became of the paper.
    pub paper: PaperState,
    /// What Enter does.
    pub next: Next,
}

/// How a sale ended.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Outcome {
    /// Paid.
    Paid,
    /// Not paid, nothing was charged.
    Refused(Decline),
    /// No connection: nothing was charged.
    NotSent(Unreachable),
    /// Cancelled: not paid.
    Reversed,
    /// Not settled.
    Unsettled {
        /// Why.
        why: WhyUnsettled,
        /// Until when it can still be paid, where it can't be cancelled any more.
        payable_until: Option<Wall>,
    },
}

/// What Enter does on a result.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Next {
    /// Ready for the next sale.
    NewSale,
    /// The same sale again, with a new code.
    TryAgain,
    /// The same sale again, with the manager's approval.
    TryAgainWithManager,
}

/// What became of a receipt.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum PaperState {
    /// None is owed.
    None,
    /// It is being printed.
    Printing,
    /// It was printed.
    Printed,
    /// It went to a printer that can't tell.
    NotConfirmed,
    /// It waits for the printer.
    Held,
}

/// [`Screen::PaidLate`].
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct PaidLateScreen {
    /// The transaction.
    pub id: OrderId,
    /// How much.
    pub amount: Amount,
    /// When it was asked for.
    pub at: Option<Wall>,
    /// Whether the money can be given back from here (a cancellation is still possible).
    pub can_pay_back: bool,
}

/// [`Screen::Recent`].
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct RecentScreen {
    /// The transactions: unsettled first, then the newest.
    pub rows: Vec<Summary>,
    /// Which one is chosen.
    pub chosen: usize,
}

/// One line about one transaction.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Summary {
    /// The transaction.
    pub id: OrderId,
    /// How much.
    pub amount: Amount,
    /// When it was asked for.
    pub at: Option<Wall>,
    /// Where it stands.
    pub standing: Standing,
}

/// Where a transaction stands.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Standing {
    /// It goes on (perhaps parked).
    Open,
    /// On its way back.
    Cancelling,
    /// Not settled.
    Unsettled,
    /// Paid after all; a person must answer.
    PaidLate,
    /// Paid.
    Paid,
    /// Not paid.
    Refused,
    /// Not sent.
    NotSent,
    /// Cancelled.
    Reversed,
    /// Money of it is on its way back.
    GivingBack,
    /// A part of it was given back.
    PartlyGivenBack,
    /// All of it was given back.
    GivenBack,
}

/// [`Screen::One`]: what is known, what happens next, what the cashier may do.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct OneScreen {
    /// The line of the list.
    pub summary: Summary,
    /// How the customer paid.
    pub product: Product,
    /// The payment code's last digits.
    pub code: Option<MaskedCode>,
    /// The acquirer's id.
    pub uq_id: Option<UqOrderId>,
    /// What its paper says.
    pub says: Option<PaperSays>,
    /// What became of the paper.
    pub paper: PaperState,
    /// Whole seconds until the acquirer is asked again.
    pub next_question_s: Option<u64>,
    /// Until when it can be cancelled.
    pub cancel_until: Option<Wall>,
    /// Whether a copy can be printed.
    pub may_print: bool,
    /// Until when its code is good, while it waits for a customer who may have taken that along: it can be shown again,
    /// and be cancelled.
    pub waits_until: Option<Wall>,
    /// Whether its money can be given back.
    pub may_give_back: bool,
    /// What was given back of it so far; `None` where nothing was.
    pub given_back: Option<Amount>,
}

/// [`Screen::Find`]: scan the receipt's code, type a number, or choose in the recent list.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct FindScreen {
    /// What was typed.
    pub typed: String,
    /// The acquirer is being asked about it.
    pub asking: bool,
}

/// [`Screen::GiveBack`].
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct GiveBackScreen {
    /// The payment.
    pub id: OrderId,
    /// How much was paid.
    pub paid: Amount,
    /// How much of it is left.
    pub left: Amount,
    /// What was typed; `None` while all that is left is meant.
    pub typed: Option<Typed>,
}

/// [`Screen::GivingBack`].
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct GivingBackScreen {
    /// The payment.
    pub id: OrderId,
    /// How much is given back.
    pub amount: Amount,
    /// How much was paid.
    pub paid: Amount,
    /// How it stands.
    pub state: GivingBack,
    /// What became of the slip.
    pub paper: PaperState,
}

/// How giving money back stands.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum GivingBack {
    /// It is on its way.
    Working,
    /// It is not known: no cash may be given back.
    Unknown,
    /// The money went back; so much of the payment is left.
    Done {
        /// What is left.
        left: Amount,
    },
    /// Nothing went back.
    Not(NotGivenBack),
}

/// Why nothing was given back.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum NotGivenBack {
    /// The acquirer refused.
    Refused(Decline),
    /// The acquirer has given back another amount than the journal knows of.
    Differs {
        /// What the journal knows of.
        ours: Amount,
        /// What the acquirer says.
        theirs: Amount,
    },
    /// The acquirer says that the payment is not paid (any more).
    NotPaid,
    /// The acquirer could not be asked how the payment stands; nothing was sent.
    NotAsked,
    /// The refund did not leave.
    NotSent,
}

/// [`Screen::Menu`].
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct MenuScreen {
    /// The items.
    pub items: Vec<MenuItem>,
    /// Which one is chosen.
    pub chosen: usize,
}

/// An item of the menu.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum MenuItem {
    /// The last transactions.
    Recent,
    /// Give money back (manager).
    GiveBack,
    /// Print the last receipt again.
    CopyOfLast,
    /// Print so many receipts that wait for the printer.
    PrintHeld(usize),
    /// The shop's static code; without a listener it is off, and the item says so.
    ShopCode {
        /// Whether its payments are listened for.
        on: bool,
    },
    /// Compare the day with the acquirer.
    CloseDay,
    /// The other language.
    Language,
    /// Set the clock (manager).
    SetClock,
}

/// What the manager's PIN is asked for.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum PinPurpose {
    /// A new attempt beside an unsettled one.
    AttemptBeside(OrderId),
    /// Setting the clock.
    SetClock,
    /// Giving money back.
    GiveBack {
        /// Of this payment.
        payment: OrderId,
        /// How much.
        amount: Amount,
    },
}

/// Why nothing can be sold until someone comes.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct OutOfService {
    /// The kind of fault.
    pub cause: Cause,
    /// What the fault says of itself, for the one who comes.
    pub detail: String,
    /// A payment that is paid and could not be written down.
    pub paid_not_recorded: Option<(OrderId, Amount)>,
}

/// What can put a terminal out of service.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Cause {
    /// The disk is full.
    DiskFull,
    /// The journal can't be written.
    JournalBroken,
    /// The journal is damaged.
    JournalDamaged,
    /// The journal was written by a newer program.
    JournalNewer,
}

/// The strip at the top of the cashier's screen.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Strip {
    /// The time, where it can be trusted, to the minute.
    pub time: Option<Wall>,
    /// Whether the last exchange with the acquirer went well.
    pub online: bool,
    /// How many transactions are parked or still go on in the background.
    pub parked: usize,
    /// How many are unsettled or paid late.
    pub unsettled: usize,
    /// Devices that are in trouble.
    pub trouble: Vec<(Device, Health)>,
    /// How many receipts wait for the printer.
    pub held: usize,
}

/// A sentence across the bottom of the cashier's screen.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Notice {
    /// The scan was no payment code.
    NotACode(NotACode),
    /// The same payment code was used a moment ago.
    CodeUsed,
    /// Ask the customer for a new code: this one waited too long.
    NewCode,
    /// Nothing was waiting for a scan.
    ScanNotWanted,
    /// The amount is zero.
    AmountZero,
    /// The amount is above the shop's limit.
    AmountTooLarge(Amount),
    /// No more decimals.
    TooManyDecimals,
    /// The sale can't start: why.
    Hindered(Hindrance),
    /// No order code could be made.
    NoOrderCode,
    /// The order code's time was over, it was cancelled.
    OrderCodeExpired,
    /// The manager's PIN was wrong.
    PinWrong,
    /// That is no date and time, or it lies before the last record.
    TimeRefused,
    /// The clock was set.
    TimeSet,
    /// A parked sale has ended.
    ParkedEnded {
        /// How much.
        amount: Amount,
        /// Where it stands now.
        standing: Standing,
    },
    /// Unpaid sales can soon not be cancelled any more.
    CutOffNear,
    /// This terminal may not refund, and it is too late to cancel.
    NoRefunds,
    /// The manager's PIN was there once and is missing now: what needs it is locked.
    PinMissing,
    /// No order has this id.
    NoSuchOrder,
    /// The acquirer could not be asked about an order that the journal does not know.
    OrderNotAsked,
    /// Another terminal's order: money of it is given back there.
    OtherTerminals {
        /// How much it was about, where the acquirer tells.
        amount: Option<Amount>,
        /// Whether it is paid.
        paid: bool,
    },
    /// Nothing was paid, or all of it was given back already.
    NothingToGiveBack,
    /// Money of this payment is on its way back already.
    GivingBackAlready,
    /// More than what is left of the payment.
    MoreThanLeft(Amount),
    /// Money that should be given back was not: the cashier looks at the transaction.
    NotGivenBack(Amount),
    /// Money came in by the shop's static code.
    Received {
        /// How much.
        amount: Amount,
    },
    /// Nothing listened for the static code's payments since then, for longer than the acquirer repeats.
    PaymentsMayBeMissing {
        /// Since when.
        since: Wall,
    },
    /// The acquirer says another thing about a transaction than before: someone must look.
    Contradiction,
    /// The static code is off: nothing listens for its payments.
    NothingListens,
    /// The day was compared, while the counter did something else.
    DayCompared(DayVerdict),
    /// The day could not be compared.
    DayNotCompared,
    /// There is nothing to print.
    NothingToPrint,
}

/// The customer's display.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum CustomerScreen {
    /// The shop's name.
    Welcome,
    /// The amount while it is typed or confirmed.
    Amount(Amount),
    /// The shop's static code: scan it and enter the amount.
    ShopCode(OrderCode),
    /// Show your payment code; scan this one where there is one.
    Collecting {
        /// How much.
        amount: Amount,
        /// The code to scan.
        code: Option<OrderCode>,
    },
    /// Please wait.
    PleaseWait(Amount),
    /// Confirm in your wallet.
    Confirm(Amount),
    /// Cancelling.
    Cancelling(Amount),
    /// Paid.
    Paid(Amount),
    /// Not paid.
    NotPaid(Amount),
    /// Cancelled; if money left your wallet it comes back.
    Cancelled(Amount),
    /// So much was given back.
    GivenBack(Amount),
    /// Closed: please ask the cashier.
    Closed,
}

/// The lamp: colour and pattern, so that it can be told without colour.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Lamp {
    /// Nothing.
    Off,
    /// A sale goes on (steady blue).
    Busy,
    /// Paid (steady green).
    Paid,
    /// Money given back (steady white).
    GivenBack,
    /// Not paid (blinking red).
    NotPaid,
    /// Unsettled or out of service (double-blinking amber).
    Attention,
}

### 終端機的所有文字，繁體中文（香港）。與 en-HK.ftl 逐條對應。
### To be read by a native reader before a shop uses it. After a change run assets/fonts/make.sh bold.

## Buttons

do-enter = 確認
do-menu = 選單
do-recent = 最近交易
do-stop = 停止
do-back = 返回
do-show-code = 顯示二維碼
do-print-code = 1：列印二維碼
do-pay-by-link = 2：付款連結
do-cancel-payment = 取消交易
do-next-customer = 下一位客人
do-amount-right = 正確，繼續
do-change-amount = 不正確，更改
do-another-sale = 是，另一宗交易
do-no = 否
do-new-sale = 新交易
do-try-again = 再試
do-try-again-manager = 再試（主管）
do-later = 稍後
do-goods-handed-over = 1：已交貨
do-pay-back = 2：退款
do-print-copy = 列印副本
do-print-sign = 列印掛牌
do-open = 查看
do-choose = 選擇

## Amount

amount = 金額
amount-hint = 輸入金額，然後按確認
amount-go-on = 按確認繼續
confirm-amount = 金額正確嗎？
confirm-amount-hint = 金額較平常大。
same-amount = 是另一宗相同金額的交易嗎？
same-amount-hint = 有一宗相同金額的交易尚未結清，請勿向同一客人重複收款。

## While a sale goes on

scan-theirs = 請將客人的付款碼對準掃描器
scan-theirs-hint = 請客人打開錢包，出示付款碼。
or-scan-theirs = 或將客人的付款碼對準掃描器。
scan-ours = 等待客人掃碼
take-along = 客人可帶走此碼，系統會繼續等候付款。
make-code = 由客人掃描本店二維碼
make-code-hint = 按二維碼鍵顯示。
making-code = 正在產生二維碼…
no-way-to-collect = 掃描器未能使用
asking = 正在聯絡支付服務
please-wait = 請稍候。
confirm = 請客人確認付款
trust-this-screen = 以本機為準，勿以手機畫面為準。
unknown = 結果未明
unknown-hint = 請勿交貨或重複收款。
cancelling = 正在取消，請稍候
cancelling-scan-waits = 結清後才會傳送剛掃描的付款碼。
seconds = 秒

## Results

paid = 收款成功
not-paid = 未收款
no-connection = 未能連線
nothing-charged = 未有扣款。
reversed = 已撤銷，未收款
reversed-hint = 請勿交貨；如已扣款將退回。
unsettled = 未結清
unsettled-hint = 系統正在查核；未經主管請勿重複收款。
paid-late = 其後收到付款
paid-late-hint = 已交貨，或退款？
paid-late-no-refund = 已交貨嗎？如未交貨，請通知主管：本機不能退款。
answer-code = 代碼 { $code }

reason-code-invalid = 付款碼無效或已過期，請客人更新付款碼。
reason-balance = 錢包餘額不足，請客人改用其他方式付款。
reason-risk = 錢包因安全理由拒絕，請客人改用其他方式付款。
reason-parameter = 本機設定有誤，請通知主管。
reason-id-used = 此編號曾被使用，請再試。
reason-cut-off = 已過取消時限。
reason-state = 此付款已不能更改。
reason-too-much = 超過付款餘額。
reason-not-accepted = 本機金鑰不獲接受，請通知主管。
reason-failed = 客人或錢包拒絕付款，請客人更新付款碼或改用其他方式付款。
reason-closed = 付款前交易已關閉。
reason-never-arrived = 支付服務從未收到此付款。
reason-other = 支付服務拒絕，請客人改用其他方式付款。

unreachable-name = 找不到支付服務的網址，請檢查網絡。
unreachable-connect = 未能連接支付服務，請檢查網絡。
unreachable-tls = 連線不安全，請檢查時鐘及網絡。
unreachable-request = 本機設定有誤，請通知主管。

why-no-answer = 取消要求未獲回覆。
why-absent = 支付服務未有此付款，但仍可能稍後收到。
why-processing = 付款仍在處理中。
why-contradiction = 支付服務的回覆互相矛盾。
why-no-cancel = 此錢包不能取消。
why-cut-off = 已過取消時限。
why-cancel-refused = 取消被拒（{ $code }）。
payable-until = { $time } 前客人仍可付款。
code-until = 有效至 { $time }
giving-back = 正在退款
give-back-unknown = 退款結果未明
give-back-unknown-hint = 請勿退現金；系統會繼續查核。
given-back = 已退款
not-given-back = 未有退款
give-back-refused = 支付服務拒絕，請通知主管。
give-back-differs = 本機記錄已退款 { $ours }，支付服務記錄為 { $theirs }，請通知主管。
give-back-not-paid = 支付服務表示此交易並非已付款。
give-back-not-asked = 支付服務沒有回應，未有退款，請稍後再試。
give-back-not-sent = 未能連線，未有退款，請再試。

paper-printing = 正在列印收據
paper-printed = 已列印收據
paper-not-confirmed = 已傳送至打印機，未能確認
paper-held = 收據等候列印
slip-printing = 正在列印單據
slip-printed = 已列印單據
slip-held = 單據等候列印

## Where a transaction stands

standing-open = 等候中
standing-cancelling = 取消中
standing-unsettled = 未結清
standing-paid-late = 其後收款
standing-paid = 已收款
standing-refused = 未收款
standing-not-sent = 未能連線
standing-reversed = 已撤銷
standing-giving-back = 退款中
standing-partly-given-back = 已部分退款
standing-given-back = 已退款

## Lists

recent = 最近交易
recent-empty = 未有交易
menu = 選單
menu-copy = 再列印上一張收據
menu-print-held = 列印 { $count } 張等候中的收據
menu-shop-code = 商店收款碼
menu-shop-code-off = 商店收款碼：已停用，沒有接收通知
menu-language = English
menu-set-clock = 設定時鐘（主管）
menu-give-back = 退款（主管）
menu-close-day = 日結
find = 退款：哪一宗付款？
find-hint = 請掃描收據上的碼，或輸入訂單編號。
find-asking = 正在聯絡支付服務
give-back = 退款多少？
give-back-hint = 按確認全數退款，或輸入部分金額。
give-back-paid = 付款：{ $amount }
give-back-left = 餘額：{ $amount }

## One transaction, and the receipt's lines

label-time = 時間
label-product = 付款方式
label-order = 訂單編號
label-acquirer = 收單編號
label-cancel = 取消編號
label-refund = 退款編號
label-given-back = 已退款
label-terminal = 終端機
label-wallet = 錢包
label-next-question = 下次查詢
label-cancel-until = 取消時限
label-code-until = 二維碼有效至
label-paper = 收據
in-seconds = { $seconds } 秒後
product-payment-code = 付款碼
product-order-code = 訂單碼
product-link = 付款連結
product-entry-code = 商店收款碼
wallet-alipay-hk = 支付寶香港
no-time = 時間不詳

## The shop's static code

shop-code = 商店收款碼
shop-code-hint = 客人掃碼並輸入金額，收款後本機會自動顯示。
shop-code-scan = 請掃碼付款
shop-code-enter = 請輸入金額，付款後請向店員出示。

## The day

day-comparing = 正在核對當日交易
day-comparing-hint = 逐項向支付服務查詢，需時較長，其間可繼續收款。
day-agrees = 當日帳目相符
day-differs = 當日帳目不符
day-not-all-asked = 部分未能查詢
day-not-all-settled = 部分未結清
day-not-compared = 未能核對
day-not-compared-hint = 沒有查詢任何交易，請稍後再試，或通知主管。
day-took = { $day }：收款 { $count } 項，共 { $paid }；退款 { $back }
day-counts = 相符 { $agree }，不符 { $differ }，未結清 { $open }，未能查詢 { $unknown }
day-difference = { $id }：本機 { $ours }，支付服務 { $theirs }
day-nothing = 沒有
day-more = 另有 { $count } 項
day-unsettled = 尚有 { $count } 項未結清，請查看最近交易

## PIN and clock

pin = 主管密碼
pin-for-attempt = 尚有未結清交易，再次收款
pin-for-clock = 設定時鐘
pin-for-give-back = 退款
pin-wrong = 密碼錯誤，請再試。
pin-checking = 正在核對…
clock = 日期及時間
clock-hint = 年、月、日、時、分

## Out of service

out-of-service = 暫停服務
out-of-service-hint = 不能開始交易，請通知主管。
cause-disk-full = 磁碟已滿。
cause-journal-broken = 未能寫入交易記錄。
cause-journal-damaged = 交易記錄已損壞。
cause-journal-newer = 交易記錄來自較新版本的程式。
paid-and-not-recorded = 已收款 { $amount }，但未有記錄。
paid-and-not-recorded-hint = 請通知主管，並抄下以下編號。

## What keeps the terminal from selling

hindrance-connecting = 正在連接支付服務…
hindrance-key = 本機金鑰不獲接受，請通知主管。
hindrance-clock = 時鐘不準，請在選單設定時間。

## Devices

device-trouble = { $device }：{ $health }
device-scanner = 掃描器
device-printer = 打印機
device-display = 顯示屏
device-customer-display = 客人顯示屏
health-working = 正常
health-paper-near-end = 紙將用完
health-missing = 未連接
health-silent = 沒有回應
health-no-paper = 缺紙
health-cover-open = 機蓋未關
health-faulty = 故障

## Notices

notice-scan-empty = 掃描不到內容，請再掃描。
notice-scan-not-digits = 這不是付款碼，請客人出示「付款」頁的碼。
notice-scan-too-short = 此碼太短，不是付款碼。
notice-scan-too-long = 此碼太長，不是付款碼。
notice-scan-receipt = 這是收據上的碼，不是付款碼。
notice-scan-order-code = 這是供掃描的碼，請客人出示付款碼。
notice-scan-shop-code = 這是商店的碼，請客人出示付款碼。
notice-scan-wechat = 這是微信支付碼，本店不接受。
notice-scan-unionpay = 這是銀聯付款碼，本店不接受。
notice-code-used = 此碼剛剛用過，請客人更新付款碼。
notice-new-code = 此碼等候過久，請客人更新付款碼。
notice-scan-not-wanted = 現在不需要掃描。
notice-amount-zero = 請先輸入金額。
notice-amount-too-large = 最多 { $amount }。
notice-too-many-decimals = 小數位已足。
notice-no-order-code = 未能產生二維碼，請掃描客人的付款碼。
notice-order-code-expired = 二維碼已過時並取消。
notice-pin-wrong = 密碼錯誤。
notice-time-refused = 日期或時間不正確。
notice-time-set = 已設定時鐘。
notice-parked-ended = 較早客人的 { $amount }：{ $standing }
notice-cut-off-near = 未付款的交易即將不能取消。
notice-no-refunds = 本機不能退款，交易不變。
notice-pin-missing = 已鎖上：主管密碼不見了。
notice-no-such-order = 沒有此編號的付款。
notice-order-not-asked = 本機沒有此交易，支付服務亦沒有回應。
notice-other-paid = 這是另一部終端機的付款 { $amount }，請在該機退款。
notice-other-not-paid = 這是另一部終端機的交易 { $amount }，未有付款。
notice-nothing-to-give-back = 此交易沒有可退的餘額。
notice-giving-back-already = 此交易正在退款。
notice-more-than-left = 此交易餘額只有 { $amount }。
notice-not-given-back = { $amount } 的付款未有退款，請查看最近交易。
notice-received = 商店收款碼收到 { $amount }。
notice-may-be-missing = 由 { $time } 起沒有接收通知，收款碼的款項可能有遺漏，請與收單機構核對。
notice-nothing-listens = 商店收款碼已停用：本機沒有接收通知。
notice-day-agrees = 已核對當日交易：帳目相符。
notice-day-differs = 已核對當日交易：帳目不符，請通知主管，記錄已保存。
notice-day-not-all = 已核對當日交易：尚有未明，請稍後再日結。
notice-day-not-compared = 未能核對當日交易，請稍後再日結。
notice-nothing-to-print = 沒有可列印的收據。

## The customer's display

customer-welcome = 歡迎光臨
customer-amount = 金額
customer-show-code = 請出示付款碼
customer-scan = 請掃碼付款
customer-or-show-code = 或出示付款碼
customer-wait = 請稍候
customer-confirm = 請在錢包確認
customer-cancelling = 正在取消
customer-paid = 付款成功
customer-thanks = 多謝惠顧
customer-not-paid = 未能付款
customer-cancelled = 已取消
customer-comes-back = 如已扣款將退回。
customer-given-back = 已退款
customer-closed = 暫停服務
customer-ask = 請向店員查詢。

## Receipts

receipt-paid = 付款成功
receipt-not-paid = 未能付款
receipt-reversed = 已取消，未付款
receipt-reversed-hint = 如已扣款將退回。
receipt-unsettled = 未結清
receipt-unsettled-hint = 系統正在查核，請保留此單。
receipt-paid-late = 其後付款
receipt-paid-late-hint = 交易結束後收到付款。
receipt-given-back = 已退款
receipt-given-back-hint = 款項退回付款的錢包。
receipt-scan-to-pay = 請掃碼付款
receipt-scan-until = 尚未付款，有效至 { $time }。
receipt-void = 作廢，未付款
receipt-void-hint = 此訂單已列印的二維碼不能再用。
receipt-duplicate = 副本
receipt-not-a-receipt = 並非收據
receipt-not-sent-hint = 未能連線，未有扣款。
receipt-unsettled-again = 未經主管請勿重複收款。
receipt-answer-code = 代碼

receipt-reason-code-invalid = 付款碼無效或已過期。
receipt-reason-balance = 錢包餘額不足。
receipt-reason-risk = 錢包因安全理由拒絕。
receipt-reason-parameter = 本機設定有誤。
receipt-reason-id-used = 此訂單編號曾被使用。
receipt-reason-not-accepted = 本機金鑰不獲接受。
receipt-reason-failed = 客人或錢包拒絕付款。
receipt-reason-other = 支付服務拒絕。

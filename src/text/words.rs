//! The names of all messages, in the order of the locale files.

use super::Word;

macro_rules! words {
    ($($name:ident = $id:literal;)*) => {
        $(#[doc = concat!("The message `", $id, "`.")] pub const $name: Word = Word($id);)*

        /// Every word there is.
        pub const ALL: &[Word] = &[$($name),*];
    };
}

words! {
    // Buttons
    DO_ENTER = "do-enter";
    DO_MENU = "do-menu";
    DO_RECENT = "do-recent";
    DO_STOP = "do-stop";
    DO_BACK = "do-back";
    DO_SHOW_CODE = "do-show-code";
    DO_PRINT_CODE = "do-print-code";
    DO_PAY_BY_LINK = "do-pay-by-link";
    DO_CANCEL_PAYMENT = "do-cancel-payment";
    DO_NEXT_CUSTOMER = "do-next-customer";
    DO_AMOUNT_RIGHT = "do-amount-right";
    DO_CHANGE_AMOUNT = "do-change-amount";
    DO_ANOTHER_SALE = "do-another-sale";
    DO_NO = "do-no";
    DO_NEW_SALE = "do-new-sale";
    DO_TRY_AGAIN = "do-try-again";
    DO_TRY_AGAIN_MANAGER = "do-try-again-manager";
    DO_LATER = "do-later";
    DO_GOODS_HANDED_OVER = "do-goods-handed-over";
    DO_PAY_BACK = "do-pay-back";
    DO_PRINT_COPY = "do-print-copy";
    DO_PRINT_SIGN = "do-print-sign";
    DO_OPEN = "do-open";
    DO_CHOOSE = "do-choose";

    // Amount
    AMOUNT = "amount";
    AMOUNT_HINT = "amount-hint";
    AMOUNT_GO_ON = "amount-go-on";
    CONFIRM_AMOUNT = "confirm-amount";
    CONFIRM_AMOUNT_HINT = "confirm-amount-hint";
    SAME_AMOUNT = "same-amount";
    SAME_AMOUNT_HINT = "same-amount-hint";

    // While a sale goes on
    SCAN_THEIRS = "scan-theirs";
    SCAN_THEIRS_HINT = "scan-theirs-hint";
    OR_SCAN_THEIRS = "or-scan-theirs";
    SCAN_OURS = "scan-ours";
    TAKE_ALONG = "take-along";
    MAKE_CODE = "make-code";
    MAKE_CODE_HINT = "make-code-hint";
    MAKING_CODE = "making-code";
    NO_WAY_TO_COLLECT = "no-way-to-collect";
    ASKING = "asking";
    PLEASE_WAIT = "please-wait";
    CONFIRM = "confirm";
    TRUST_THIS_SCREEN = "trust-this-screen";
    UNKNOWN = "unknown";
    UNKNOWN_HINT = "unknown-hint";
    CANCELLING = "cancelling";
    CANCELLING_SCAN_WAITS = "cancelling-scan-waits";
    SECONDS = "seconds";

    // Results
    PAID = "paid";
    NOT_PAID = "not-paid";
    NO_CONNECTION = "no-connection";
    NOTHING_CHARGED = "nothing-charged";
    REVERSED = "reversed";
    REVERSED_HINT = "reversed-hint";
    UNSETTLED = "unsettled";
    UNSETTLED_HINT = "unsettled-hint";
    PAID_LATE = "paid-late";
    PAID_LATE_HINT = "paid-late-hint";
    PAID_LATE_NO_REFUND = "paid-late-no-refund";
    ANSWER_CODE = "answer-code";
    REASON_CODE_INVALID = "reason-code-invalid";
    REASON_BALANCE = "reason-balance";
    REASON_RISK = "reason-risk";
    REASON_PARAMETER = "reason-parameter";
    REASON_ID_USED = "reason-id-used";
    REASON_CUT_OFF = "reason-cut-off";
    REASON_STATE = "reason-state";
    REASON_TOO_MUCH = "reason-too-much";
    REASON_NOT_ACCEPTED = "reason-not-accepted";
    REASON_FAILED = "reason-failed";
    REASON_CLOSED = "reason-closed";
    REASON_NEVER_ARRIVED = "reason-never-arrived";
    REASON_OTHER = "reason-other";
    UNREACHABLE_NAME = "unreachable-name";
    UNREACHABLE_CONNECT = "unreachable-connect";
    UNREACHABLE_TLS = "unreachable-tls";
    UNREACHABLE_REQUEST = "unreachable-request";
    WHY_NO_ANSWER = "why-no-answer";
    WHY_ABSENT = "why-absent";
    WHY_PROCESSING = "why-processing";
    WHY_CONTRADICTION = "why-contradiction";
    WHY_NO_CANCEL = "why-no-cancel";
    WHY_CUT_OFF = "why-cut-off";
    WHY_CANCEL_REFUSED = "why-cancel-refused";
    PAYABLE_UNTIL = "payable-until";
    CODE_UNTIL = "code-until";
    GIVING_BACK = "giving-back";
    GIVE_BACK_UNKNOWN = "give-back-unknown";
    GIVE_BACK_UNKNOWN_HINT = "give-back-unknown-hint";
    GIVEN_BACK = "given-back";
    NOT_GIVEN_BACK = "not-given-back";
    GIVE_BACK_REFUSED = "give-back-refused";
    GIVE_BACK_DIFFERS = "give-back-differs";
    GIVE_BACK_NOT_PAID = "give-back-not-paid";
    GIVE_BACK_NOT_ASKED = "give-back-not-asked";
    GIVE_BACK_NOT_SENT = "give-back-not-sent";
    PAPER_PRINTING = "paper-printing";
    PAPER_PRINTED = "paper-printed";
    PAPER_NOT_CONFIRMED = "paper-not-confirmed";
    PAPER_HELD = "paper-held";
    SLIP_PRINTING = "slip-printing";
    SLIP_PRINTED = "slip-printed";
    SLIP_HELD = "slip-held";

    // Where a transaction stands
    STANDING_OPEN = "standing-open";
    STANDING_CANCELLING = "standing-cancelling";
    STANDING_UNSETTLED = "standing-unsettled";
    STANDING_PAID_LATE = "standing-paid-late";
    STANDING_PAID = "standing-paid";
    STANDING_REFUSED = "standing-refused";
    STANDING_NOT_SENT = "standing-not-sent";
    STANDING_REVERSED = "standing-reversed";
    STANDING_GIVING_BACK = "standing-giving-back";
    STANDING_PARTLY_GIVEN_BACK = "standing-partly-given-back";
    STANDING_GIVEN_BACK = "standing-given-back";

    // Lists
    RECENT = "recent";
    RECENT_EMPTY = "recent-empty";
    MENU = "menu";
    MENU_COPY = "menu-copy";
    MENU_PRINT_HELD = "menu-print-held";
    MENU_SHOP_CODE = "menu-shop-code";
    MENU_SHOP_CODE_OFF = "menu-shop-code-off";
    MENU_LANGUAGE = "menu-language";
    MENU_SET_CLOCK = "menu-set-clock";
    MENU_GIVE_BACK = "menu-give-back";
    MENU_CLOSE_DAY = "menu-close-day";
    FIND = "find";
    FIND_HINT = "find-hint";
    FIND_ASKING = "find-asking";
    GIVE_BACK = "give-back";
    GIVE_BACK_HINT = "give-back-hint";
    GIVE_BACK_PAID = "give-back-paid";
    GIVE_BACK_LEFT = "give-back-left";

    // One transaction, and the receipt's lines
    LABEL_TIME = "label-time";
    LABEL_PRODUCT = "label-product";
    LABEL_ORDER = "label-order";
    LABEL_ACQUIRER = "label-acquirer";
    LABEL_CANCEL = "label-cancel";
    LABEL_REFUND = "label-refund";
    LABEL_GIVEN_BACK = "label-given-back";
    LABEL_TERMINAL = "label-terminal";
    LABEL_WALLET = "label-wallet";
    LABEL_NEXT_QUESTION = "label-next-question";
    LABEL_CANCEL_UNTIL = "label-cancel-until";
    LABEL_CODE_UNTIL = "label-code-until";
    LABEL_PAPER = "label-paper";
    IN_SECONDS = "in-seconds";
    PRODUCT_PAYMENT_CODE = "product-payment-code";
    PRODUCT_ORDER_CODE = "product-order-code";
    PRODUCT_LINK = "product-link";
    PRODUCT_ENTRY_CODE = "product-entry-code";
    WALLET_ALIPAY_HK = "wallet-alipay-hk";
    NO_TIME = "no-time";

    // The shop's static code
    SHOP_CODE = "shop-code";
    SHOP_CODE_HINT = "shop-code-hint";
    SHOP_CODE_SCAN = "shop-code-scan";
    SHOP_CODE_ENTER = "shop-code-enter";

    // The day
    DAY_COMPARING = "day-comparing";
    DAY_COMPARING_HINT = "day-comparing-hint";
    DAY_AGREES = "day-agrees";
    DAY_DIFFERS = "day-differs";
    DAY_NOT_ALL_ASKED = "day-not-all-asked";
    DAY_NOT_ALL_SETTLED = "day-not-all-settled";
    DAY_NOT_COMPARED = "day-not-compared";
    DAY_NOT_COMPARED_HINT = "day-not-compared-hint";
    DAY_TOOK = "day-took";
    DAY_COUNTS = "day-counts";
    DAY_DIFFERENCE = "day-difference";
    DAY_NOTHING = "day-nothing";
    DAY_MORE = "day-more";
    DAY_UNSETTLED = "day-unsettled";

    // PIN and clock
    PIN = "pin";
    PIN_FOR_ATTEMPT = "pin-for-attempt";
    PIN_FOR_CLOCK = "pin-for-clock";
    PIN_FOR_GIVE_BACK = "pin-for-give-back";
    PIN_WRONG = "pin-wrong";
    PIN_CHECKING = "pin-checking";
    CLOCK = "clock";
    CLOCK_HINT = "clock-hint";

    // Out of service
    OUT_OF_SERVICE = "out-of-service";
    OUT_OF_SERVICE_HINT = "out-of-service-hint";
    CAUSE_DISK_FULL = "cause-disk-full";
    CAUSE_JOURNAL_BROKEN = "cause-journal-broken";
    CAUSE_JOURNAL_DAMAGED = "cause-journal-damaged";
    CAUSE_JOURNAL_NEWER = "cause-journal-newer";
    PAID_AND_NOT_RECORDED = "paid-and-not-recorded";
    PAID_AND_NOT_RECORDED_HINT = "paid-and-not-recorded-hint";

    // What keeps the terminal from selling
    HINDRANCE_CONNECTING = "hindrance-connecting";
    HINDRANCE_KEY = "hindrance-key";
    HINDRANCE_CLOCK = "hindrance-clock";

    // Devices
    DEVICE_TROUBLE = "device-trouble";
    DEVICE_SCANNER = "device-scanner";
    DEVICE_PRINTER = "device-printer";
    DEVICE_DISPLAY = "device-display";
    DEVICE_CUSTOMER_DISPLAY = "device-customer-display";
    HEALTH_WORKING = "health-working";
    HEALTH_PAPER_NEAR_END = "health-paper-near-end";
    HEALTH_MISSING = "health-missing";
    HEALTH_SILENT = "health-silent";
    HEALTH_NO_PAPER = "health-no-paper";
    HEALTH_COVER_OPEN = "health-cover-open";
    HEALTH_FAULTY = "health-faulty";

    // Notices
    NOTICE_SCAN_EMPTY = "notice-scan-empty";
    NOTICE_SCAN_NOT_DIGITS = "notice-scan-not-digits";
    NOTICE_SCAN_TOO_SHORT = "notice-scan-too-short";
    NOTICE_SCAN_TOO_LONG = "notice-scan-too-long";
    NOTICE_SCAN_RECEIPT = "notice-scan-receipt";
    NOTICE_SCAN_ORDER_CODE = "notice-scan-order-code";
    NOTICE_SCAN_SHOP_CODE = "notice-scan-shop-code";
    NOTICE_SCAN_WECHAT = "notice-scan-wechat";
    NOTICE_SCAN_UNIONPAY = "notice-scan-unionpay";
    NOTICE_CODE_USED = "notice-code-used";
    NOTICE_NEW_CODE = "notice-new-code";
    NOTICE_SCAN_NOT_WANTED = "notice-scan-not-wanted";
    NOTICE_AMOUNT_ZERO = "notice-amount-zero";
    NOTICE_AMOUNT_TOO_LARGE = "notice-amount-too-large";
    NOTICE_TOO_MANY_DECIMALS = "notice-too-many-decimals";
    NOTICE_NO_ORDER_CODE = "notice-no-order-code";
    NOTICE_ORDER_CODE_EXPIRED = "notice-order-code-expired";
    NOTICE_PIN_WRONG = "notice-pin-wrong";
    NOTICE_TIME_REFUSED = "notice-time-refused";
    NOTICE_TIME_SET = "notice-time-set";
    NOTICE_PARKED_ENDED = "notice-parked-ended";
    NOTICE_CUT_OFF_NEAR = "notice-cut-off-near";
    NOTICE_NO_REFUNDS = "notice-no-refunds";
    NOTICE_PIN_MISSING = "notice-pin-missing";
    NOTICE_NO_SUCH_ORDER = "notice-no-such-order";
    NOTICE_ORDER_NOT_ASKED = "notice-order-not-asked";
    NOTICE_OTHER_PAID = "notice-other-paid";
    NOTICE_OTHER_NOT_PAID = "notice-other-not-paid";
    NOTICE_NOTHING_TO_GIVE_BACK = "notice-nothing-to-give-back";
    NOTICE_GIVING_BACK_ALREADY = "notice-giving-back-already";
    NOTICE_MORE_THAN_LEFT = "notice-more-than-left";
    NOTICE_NOT_GIVEN_BACK = "notice-not-given-back";
    NOTICE_RECEIVED = "notice-received";
    NOTICE_MAY_BE_MISSING = "notice-may-be-missing";
    NOTICE_NOTHING_LISTENS = "notice-nothing-listens";
    NOTICE_DAY_AGREES = "notice-day-agrees";
    NOTICE_DAY_DIFFERS = "notice-day-differs";
    NOTICE_DAY_NOT_ALL = "notice-day-not-all";
    NOTICE_DAY_NOT_COMPARED = "notice-day-not-compared";
    NOTICE_NOTHING_TO_PRINT = "notice-nothing-to-print";

    // The customer's display
    CUSTOMER_WELCOME = "customer-welcome";
    CUSTOMER_AMOUNT = "customer-amount";
    CUSTOMER_SHOW_CODE = "customer-show-code";
    CUSTOMER_SCAN = "customer-scan";
    CUSTOMER_OR_SHOW_CODE = "customer-or-show-code";
    CUSTOMER_WAIT = "customer-wait";
    CUSTOMER_CONFIRM = "customer-confirm";
    CUSTOMER_CANCELLING = "customer-cancelling";
    CUSTOMER_PAID = "customer-paid";
    CUSTOMER_THANKS = "customer-thanks";
    CUSTOMER_NOT_PAID = "customer-not-paid";
    CUSTOMER_CANCELLED = "customer-cancelled";
    CUSTOMER_COMES_BACK = "customer-comes-back";
    CUSTOMER_GIVEN_BACK = "customer-given-back";
    CUSTOMER_CLOSED = "customer-closed";
    CUSTOMER_ASK = "customer-ask";

    // Receipts
    RECEIPT_PAID = "receipt-paid";
    RECEIPT_NOT_PAID = "receipt-not-paid";
    RECEIPT_REVERSED = "receipt-reversed";
    RECEIPT_REVERSED_HINT = "receipt-reversed-hint";
    RECEIPT_UNSETTLED = "receipt-unsettled";
    RECEIPT_UNSETTLED_HINT = "receipt-unsettled-hint";
    RECEIPT_PAID_LATE = "receipt-paid-late";
    RECEIPT_PAID_LATE_HINT = "receipt-paid-late-hint";
    RECEIPT_GIVEN_BACK = "receipt-given-back";
    RECEIPT_GIVEN_BACK_HINT = "receipt-given-back-hint";
    RECEIPT_SCAN_TO_PAY = "receipt-scan-to-pay";
    RECEIPT_SCAN_UNTIL = "receipt-scan-until";
    RECEIPT_VOID = "receipt-void";
    RECEIPT_VOID_HINT = "receipt-void-hint";
    RECEIPT_DUPLICATE = "receipt-duplicate";
    RECEIPT_NOT_A_RECEIPT = "receipt-not-a-receipt";
    RECEIPT_NOT_SENT_HINT = "receipt-not-sent-hint";
    RECEIPT_UNSETTLED_AGAIN = "receipt-unsettled-again";
    RECEIPT_ANSWER_CODE = "receipt-answer-code";
    RECEIPT_REASON_CODE_INVALID = "receipt-reason-code-invalid";
    RECEIPT_REASON_BALANCE = "receipt-reason-balance";
    RECEIPT_REASON_RISK = "receipt-reason-risk";
    RECEIPT_REASON_PARAMETER = "receipt-reason-parameter";
    RECEIPT_REASON_ID_USED = "receipt-reason-id-used";
    RECEIPT_REASON_NOT_ACCEPTED = "receipt-reason-not-accepted";
    RECEIPT_REASON_FAILED = "receipt-reason-failed";
    RECEIPT_REASON_OTHER = "receipt-reason-other";
}

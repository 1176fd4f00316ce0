//! Every screen and every paper once, with values as a shop has them.

mod day;

use jiff::tz::TimeZone;
use postern::look::{Keypad, Look, Sign};
use postern_heart::ask::{AnswerCode, Decline, OrderCode, Product, Reason, Unreachable};
use postern_heart::code::{MaskedCode, NotACode};
use postern_heart::day::DayVerdict;
use postern_heart::event::{Device, Health};
use postern_heart::ids::{OrderId, UqOrderId};
use postern_heart::money::{Amount, Currency};
use postern_heart::now::Wall;
use postern_heart::receipt::{GivenBack, PaperSays, Receipt};
use postern_heart::record::WhyUnsettled;
use postern_heart::screen::*;
use postern_heart::settings::Language;

pub(crate) const ORDER_ID: &str = "HK01-00004C-7KQ2M9XD";
/// 80 characters, as long as order codes are.
pub(crate) const ORDER_CODE: &str =
    "https://qr.alipay.com/bax03251u7kq2m9xd4c00a1?merchant=2088431&o=HK01-00004C-7KQ";
pub(crate) const LONG_ORDER_CODE: &str = "https://open.wallet.example/pay/v2?bizType=ORDER_CODE&merchantId=218812000071198345&orderId=HK01-00004C-7KQ2M9XD\
     &amount=1250.00&currency=HKD&sign=3d1f0c8e7a5b4d2f9a6c8b7e5d4c3b2a1f0e9d8c7b6a5948";

/// 2026-03-01 14:05:33 in Hong Kong.
const NOON: Wall = Wall(1_772_345_133_000);

pub(crate) fn look(keypad: Keypad) -> Look {
    let sign = Sign {
        english: "Sheung Tsuen Tea House".into(),
        chinese: "鰂魚涌上邨茶室".into(),
        head: vec![
            "鰂魚涌英皇道 1088 號地下 7 號舖".into(),
            "Shop 7, G/F, 1088 King's Road".into(),
            "Tel 2345 6789".into(),
        ],
        foot: vec!["多謝惠顧，得閒再嚟飲茶".into(), "Thank you, see you soon".into()],
        terminal: "HK01".into(),
        wallet: "ALIPAY_HK".into(),
    };
    Look::open(sign, TimeZone::get("Asia/Hong_Kong").unwrap(), keypad).unwrap()
}

fn hkd(cents: u64) -> Amount {
    Amount::new(cents, Currency::HKD)
}

fn id() -> OrderId {
    OrderId::parse(ORDER_ID).unwrap()
}

fn decline(reason: Reason, code: &str) -> Decline {
    Decline { reason, code: AnswerCode(code.into()) }
}

fn quiet_strip() -> Strip {
    Strip { time: Some(NOON), online: true, parked: 0, unsettled: 0, trouble: vec![], held: 0 }
}

fn busy_strip() -> Strip {
    let trouble = vec![(Device::Printer, Health::NoPaper), (Device::Scanner, Health::Missing)];
    Strip { time: Some(NOON), online: false, parked: 2, unsettled: 3, trouble, held: 1 }
}

fn summary(standing: Standing, cents: u64, minutes_ago: u64) -> Summary {
    let at = Some(Wall(NOON.0 - minutes_ago as i64 * 60_000));
    Summary { id: id(), amount: hkd(cents), at, standing }
}

fn waiting(may_park: bool) -> Waiting {
    Waiting { amount: hkd(12_850), seconds_left: 47, may_park }
}

fn collecting(scanner: bool, code: CodeState) -> Collecting {
    let shown = matches!(code, CodeState::Shown(_));
    let seconds_left = shown.then_some(98);
    let (may_park, may_print, may_link, until) = (shown, false, false, None);
    Collecting { amount: hkd(12_850), scanner, code, seconds_left, until, may_park, may_print, may_link }
}

fn amount(typed: Option<(&str, u64)>, hindrance: Option<Hindrance>, last: Option<Summary>) -> Screen {
    let typed = typed.map(|(text, cents)| Typed { text: text.into(), amount: hkd(cents) });
    let currency = Currency::HKD;
    Screen::Amount(AmountScreen { typed, currency, point: true, order_code: true, hindrance, last })
}

/// A shop that types as card terminals do, and takes payment codes only.
fn amount_in_cents() -> Screen {
    let Screen::Amount(screen) = amount(Some(("12.50", 1_250)), None, None) else { unreachable!() };
    Screen::Amount(AmountScreen { point: false, order_code: false, ..screen })
}

fn result(outcome: Outcome, paper: PaperState, next: Next) -> Screen {
    Screen::Result(ResultScreen { amount: hkd(12_850), id: id(), outcome, paper, next })
}

fn one(standing: Standing, says: PaperSays) -> OneScreen {
    OneScreen {
        summary: summary(standing, 12_850, 3),
        product: Product::PaymentCode,
        code: Some(MaskedCode("…3456".into())),
        uq_id: Some(UqOrderId("UQ20260301140533000178231".into())),
        says: Some(says),
        paper: PaperState::Printed,
        next_question_s: None,
        cancel_until: None,
        may_print: true,
        waits_until: None,
        may_give_back: standing == Standing::Paid,
        given_back: None,
    }
}

fn given_back(cents: u64, left: u64) -> GivenBack {
    let id = OrderId::parse("HK01-00005A-XD2M97KQ").unwrap();
    GivenBack { id, amount: hkd(cents), left: hkd(left), at: Some(NOON) }
}

fn give_back(typed: Option<Typed>) -> Screen {
    Screen::GiveBack(GiveBackScreen { id: id(), paid: hkd(12_850), left: hkd(12_850), typed })
}

fn giving_back(state: GivingBack) -> Screen {
    let paper = match state {
        GivingBack::Done { .. } => PaperState::Printing,
        GivingBack::Working | GivingBack::Unknown | GivingBack::Not(_) => PaperState::None,
    };
    Screen::GivingBack(GivingBackScreen { id: id(), amount: hkd(2_850), paid: hkd(12_850), state, paper })
}

/// 107 characters, as a static code has.
pub(crate) const SHOP_CODE: &str = "00020101021126230011hk.com.upas0104S0015204581253033445802HK5922Sheung Tsuen Tea House6009Hong Kong63042D55";

fn shop_code(missed_since: Option<Wall>) -> Screen {
    let code = OrderCode(SHOP_CODE.into());
    Screen::ShopCode(ShopCodeScreen { code, may_print: true, missed_since })
}

fn recent() -> RecentScreen {
    let rows = vec![
        summary(Standing::Unsettled, 12_850, 3),
        summary(Standing::PaidLate, 4_600, 7),
        summary(Standing::Open, 1_234_567_890, 1),
        summary(Standing::Paid, 3_200, 12),
        summary(Standing::Refused, 9_950, 30),
        summary(Standing::Reversed, 100, 45),
        summary(Standing::NotSent, 5_000, 61),
        Summary { at: None, ..summary(Standing::Cancelling, 5_000, 61) },
    ];
    RecentScreen { rows, chosen: 1 }
}

fn screens() -> Vec<(&'static str, Screen)> {
    let mut screens = screens_of_sales();
    screens.extend(day::screens());
    screens
}

fn screens_of_sales() -> Vec<(&'static str, Screen)> {
    use Outcome::*;
    use PaperState as Paper;
    let menu = vec![
        MenuItem::Recent,
        MenuItem::CopyOfLast,
        MenuItem::PrintHeld(2),
        MenuItem::ShopCode { on: true },
        MenuItem::Language,
        MenuItem::SetClock,
        MenuItem::GiveBack,
        MenuItem::CloseDay,
    ];
    let pin = |digits, wrong, checking| Screen::Pin {
        digits,
        purpose: PinPurpose::AttemptBeside(id()),
        wrong,
        checking,
    };
    let unsettled = |why, payable_until| Unsettled { why, payable_until };
    vec![
        ("amount", amount(None, None, None)),
        ("amount-typed", amount(Some(("1,250.5", 125_050)), None, Some(summary(Standing::Paid, 12_850, 3)))),
        (
            "amount-large",
            amount(
                Some(("12,345,678.90", 1_234_567_890)),
                None,
                Some(summary(Standing::Unsettled, 1_234_567_890, 3)),
            ),
        ),
        ("amount-cents", amount_in_cents()),
        ("amount-connecting", amount(None, Some(Hindrance::Connecting), None)),
        ("amount-no-connection", amount(None, Some(Hindrance::NoConnection(Unreachable::Tls)), None)),
        (
            "amount-key",
            amount(None, Some(Hindrance::KeyNotAccepted), Some(summary(Standing::Refused, 880, 3))),
        ),
        ("amount-clock", amount(None, Some(Hindrance::ClockWrong), None)),
        ("confirm-amount", Screen::ConfirmAmount { amount: hkd(888_800) }),
        ("same-amount", Screen::SameAmount { amount: hkd(12_850), unsettled: id() }),
        ("collecting-scan", Screen::Collecting(collecting(true, CodeState::OnKey))),
        ("collecting-scan-only", Screen::Collecting(collecting(true, CodeState::Absent))),
        ("collecting-no-scanner", Screen::Collecting(collecting(false, CodeState::OnKey))),
        ("collecting-nothing", Screen::Collecting(collecting(false, CodeState::Absent))),
        ("collecting-making", Screen::Collecting(collecting(true, CodeState::Making))),
        (
            "collecting-code",
            Screen::Collecting(collecting(true, CodeState::Shown(OrderCode(ORDER_CODE.into())))),
        ),
        (
            "collecting-every-way",
            Screen::Collecting(Collecting {
                may_print: true,
                may_link: true,
                ..collecting(true, CodeState::OnKey)
            }),
        ),
        (
            "collecting-code-may-print",
            Screen::Collecting(Collecting {
                may_park: false,
                may_print: true,
                ..collecting(true, CodeState::Shown(OrderCode(ORDER_CODE.into())))
            }),
        ),
        (
            "collecting-take-along",
            Screen::Collecting(Collecting {
                seconds_left: None,
                until: Some(NOON),
                may_print: true,
                ..collecting(true, CodeState::Shown(OrderCode(ORDER_CODE.into())))
            }),
        ),
        ("asking", Screen::Asking { amount: hkd(12_850) }),
        ("confirm", Screen::Confirm(waiting(false))),
        ("confirm-may-park", Screen::Confirm(waiting(true))),
        ("unknown", Screen::Unknown(waiting(true))),
        ("cancelling", Screen::Cancelling { amount: hkd(12_850), scan_waits: false, may_park: false }),
        (
            "cancelling-may-park",
            Screen::Cancelling { amount: hkd(12_850), scan_waits: false, may_park: true },
        ),
        (
            "cancelling-scan-waits",
            Screen::Cancelling { amount: hkd(12_850), scan_waits: true, may_park: false },
        ),
        ("paid", result(Paid, Paper::Printing, Next::NewSale)),
        ("paid-held", result(Paid, Paper::Held, Next::NewSale)),
        ("not-paid", result(Refused(decline(Reason::Balance, "200003")), Paper::None, Next::TryAgain)),
        ("not-paid-refused", result(Refused(decline(Reason::Failed, "")), Paper::None, Next::TryAgain)),
        (
            "not-paid-code",
            result(Refused(decline(Reason::CodeInvalid, "200002")), Paper::Printed, Next::TryAgain),
        ),
        ("no-connection", result(NotSent(Unreachable::Connect), Paper::None, Next::TryAgain)),
        ("reversed", result(Reversed, Paper::NotConfirmed, Next::TryAgain)),
        (
            "unsettled",
            result(unsettled(WhyUnsettled::NoAnswer(None), None), Paper::Printed, Next::TryAgainWithManager),
        ),
        (
            "unsettled-cut-off",
            result(unsettled(WhyUnsettled::CutOff, Some(NOON)), Paper::Held, Next::TryAgainWithManager),
        ),
        (
            "paid-late",
            Screen::PaidLate(PaidLateScreen {
                id: id(),
                amount: hkd(12_850),
                at: Some(NOON),
                can_pay_back: true,
            }),
        ),
        (
            "paid-late-no-refund",
            Screen::PaidLate(PaidLateScreen {
                id: id(),
                amount: hkd(12_850),
                at: Some(NOON),
                can_pay_back: false,
            }),
        ),
        ("recent", Screen::Recent(recent())),
        ("recent-end", Screen::Recent(RecentScreen { chosen: 7, ..recent() })),
        ("recent-empty", Screen::Recent(RecentScreen { rows: vec![], chosen: 0 })),
        ("one-paid", Screen::One(one(Standing::Paid, PaperSays::Paid))),
        (
            "one-unsettled",
            Screen::One(OneScreen {
                next_question_s: Some(28),
                cancel_until: Some(NOON),
                ..one(Standing::Unsettled, PaperSays::Unsettled(WhyUnsettled::Absent))
            }),
        ),
        (
            "one-waiting",
            Screen::One(OneScreen {
                product: Product::CashierPayment,
                code: None,
                uq_id: None,
                next_question_s: Some(28),
                waits_until: Some(NOON),
                cancel_until: Some(NOON),
                ..one(Standing::Open, PaperSays::ScanToPay(OrderCode(ORDER_CODE.into())))
            }),
        ),
        (
            "one-not-paid",
            Screen::One(OneScreen {
                may_print: false,
                ..one(Standing::Refused, PaperSays::NotPaid(decline(Reason::Risk, "200004")))
            }),
        ),
        (
            "one-partly-refunded",
            Screen::One(OneScreen {
                given_back: Some(hkd(2_850)),
                may_give_back: true,
                ..one(Standing::PartlyGivenBack, PaperSays::GivenBack(given_back(2_850, 10_000)))
            }),
        ),
        ("find", Screen::Find(FindScreen { typed: String::new(), asking: false })),
        ("find-typed", Screen::Find(FindScreen { typed: "HK01-00004C-7KQ".into(), asking: false })),
        ("find-asking", Screen::Find(FindScreen { typed: ORDER_ID.into(), asking: true })),
        ("give-back", give_back(None)),
        ("give-back-typed", give_back(Some(Typed { text: "28.5".into(), amount: hkd(2_850) }))),
        ("refunding", giving_back(GivingBack::Working)),
        ("refund-unknown", giving_back(GivingBack::Unknown)),
        ("refunded", giving_back(GivingBack::Done { left: hkd(10_000) })),
        (
            "refund-refused",
            giving_back(GivingBack::Not(NotGivenBack::Refused(decline(Reason::State, "200008")))),
        ),
        (
            "refund-differs",
            giving_back(GivingBack::Not(NotGivenBack::Differs { ours: hkd(0), theirs: hkd(2_850) })),
        ),
        ("refund-not-sent", giving_back(GivingBack::Not(NotGivenBack::NotSent))),
        ("menu", Screen::Menu(MenuScreen { items: menu, chosen: 0 })),
        ("pin", pin(4, false, false)),
        ("pin-wrong", pin(0, true, false)),
        (
            "pin-checking",
            Screen::Pin { digits: 12, purpose: PinPurpose::SetClock, wrong: false, checking: true },
        ),
        ("shop-code", shop_code(None)),
        ("shop-code-missed", shop_code(Some(NOON))),
        ("clock", Screen::Clock { typed: "2026030114".into() }),
        (
            "out-of-service",
            Screen::OutOfService(OutOfService {
                cause: Cause::DiskFull,
                detail: "could not write the journal: no space left on device".into(),
                paid_not_recorded: None,
            }),
        ),
        (
            "out-of-service-paid",
            Screen::OutOfService(OutOfService {
                cause: Cause::JournalBroken,
                detail: "could not write the journal: input/output error".into(),
                paid_not_recorded: Some((id(), hkd(12_850))),
            }),
        ),
    ]
}

fn notices() -> Vec<(&'static str, &'static str, Notice)> {
    vec![
        ("notice-amount", "amount", Notice::AmountZero),
        ("notice-amount-last", "amount-typed", Notice::AmountTooLarge(hkd(5_000_000))),
        ("notice-collecting", "collecting-scan", Notice::NotACode(NotACode::OrderCode)),
        ("notice-collecting-code", "collecting-code", Notice::NotACode(NotACode::NotDigits)),
        (
            "notice-parked",
            "amount-typed",
            Notice::ParkedEnded { amount: hkd(4_600), standing: Standing::Paid },
        ),
        ("notice-menu", "menu", Notice::NothingToPrint),
        ("notice-find", "find", Notice::OtherTerminals { amount: Some(hkd(12_850)), paid: true }),
        ("notice-give-back", "give-back-typed", Notice::MoreThanLeft(hkd(12_850))),
        ("notice-day-differs", "amount-typed", Notice::DayCompared(DayVerdict::Differs)),
        ("notice-day-agrees", "menu", Notice::DayCompared(DayVerdict::Agrees)),
        ("notice-pin-missing", "menu", Notice::PinMissing),
        ("notice-not-refunded", "amount-typed", Notice::NotGivenBack(hkd(12_850))),
        ("notice-hindered", "amount-clock", Notice::Hindered(Hindrance::ClockWrong)),
    ]
}

pub(crate) fn view(language: Language, name: &str) -> View {
    let cashier = screens().into_iter().find(|(known, _)| *known == name).unwrap().1;
    View {
        cashier,
        customer: CustomerScreen::Welcome,
        strip: quiet_strip(),
        notice: None,
        lamp: Lamp::Off,
        language,
    }
}

/// Every cashier screen, and some with a notice and a full strip.
pub(crate) fn views(language: Language) -> Vec<(&'static str, View)> {
    let mut views: Vec<_> = screens().into_iter().map(|(name, _)| (name, view(language, name))).collect();
    for (name, under, notice) in notices() {
        views.push((name, View { notice: Some(notice), strip: busy_strip(), ..view(language, under) }));
    }
    views
}

pub(crate) fn collecting_with_code(language: Language, text: &str) -> View {
    let cashier = Screen::Collecting(collecting(true, CodeState::Shown(OrderCode(text.into()))));
    View { cashier, ..view(language, "amount") }
}

pub(crate) fn customer_with_code(text: &str) -> CustomerScreen {
    CustomerScreen::Collecting { amount: hkd(12_850), code: Some(OrderCode(text.into())) }
}

pub(crate) fn customer_screens() -> Vec<(&'static str, CustomerScreen)> {
    use CustomerScreen::*;
    vec![
        ("welcome", Welcome),
        ("amount", Amount(hkd(12_850))),
        ("amount-large", Amount(hkd(1_234_567_890))),
        ("show-code", Collecting { amount: hkd(12_850), code: None }),
        ("scan", customer_with_code(ORDER_CODE)),
        ("scan-long", customer_with_code(LONG_ORDER_CODE)),
        ("please-wait", PleaseWait(hkd(12_850))),
        ("confirm", Confirm(hkd(12_850))),
        ("cancelling", Cancelling(hkd(12_850))),
        ("paid", Paid(hkd(12_850))),
        ("not-paid", NotPaid(hkd(12_850))),
        ("cancelled", Cancelled(hkd(12_850))),
        ("given-back", GivenBack(hkd(2_850))),
        ("closed", Closed),
    ]
}

/// The text of the one code that a paper has.
pub(crate) fn code_on(receipt: &Receipt) -> &str {
    match &receipt.says {
        PaperSays::ScanToPay(OrderCode(text)) => text,
        _ => receipt.id.as_str(),
    }
}

/// Every kind of paper.
pub(crate) fn receipts() -> Vec<(&'static str, Receipt)> {
    let receipt = |says| Receipt {
        says,
        id: id(),
        uq_id: Some(UqOrderId("UQ20260301140533000178231".into())),
        amount: hkd(12_850),
        product: Product::PaymentCode,
        code: Some(MaskedCode("…3456".into())),
        at: Some(NOON),
        cancel: None,
        payable_until: None,
        duplicate: false,
    };
    let cancel = OrderId::parse("HK01-00004E-2M9XD7KQ");
    let order_code = |says| Receipt { product: Product::OrderCode, code: None, ..receipt(says) };
    vec![
        ("paid", receipt(PaperSays::Paid)),
        ("paid-order-code", Receipt { amount: hkd(1_234_567_890), ..order_code(PaperSays::Paid) }),
        ("paid-duplicate", Receipt { duplicate: true, ..receipt(PaperSays::Paid) }),
        ("not-paid", receipt(PaperSays::NotPaid(decline(Reason::Balance, "200003")))),
        ("not-sent", Receipt { uq_id: None, ..receipt(PaperSays::NotSent) }),
        ("reversed", Receipt { cancel, ..receipt(PaperSays::Reversed) }),
        (
            "unsettled",
            Receipt {
                cancel,
                uq_id: None,
                at: None,
                ..receipt(PaperSays::Unsettled(WhyUnsettled::CancelRefused(AnswerCode("200008".into()))))
            },
        ),
        (
            "unsettled-payable",
            Receipt { payable_until: Some(NOON), ..order_code(PaperSays::Unsettled(WhyUnsettled::CutOff)) },
        ),
        ("given-back", receipt(PaperSays::GivenBack(given_back(2_850, 10_000)))),
        (
            "scan-to-pay",
            Receipt {
                uq_id: None,
                payable_until: Some(NOON),
                ..order_code(PaperSays::ScanToPay(OrderCode(ORDER_CODE.into())))
            },
        ),
        (
            "void",
            Receipt {
                product: Product::CashierPayment,
                code: None,
                cancel,
                uq_id: None,
                ..receipt(PaperSays::Void)
            },
        ),
        ("paid-late", Receipt { duplicate: true, ..receipt(PaperSays::PaidLate) }),
    ]
}

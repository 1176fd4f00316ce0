//! Codes that the customer may take along: links and printed order codes.

use postern_heart::ask::{PayProduct, Reply, Request};
use postern_heart::event::{Device, Health, PrintEnd, Sound};
use postern_heart::ids::OrderId;
use postern_heart::receipt::PaperSays;
use postern_heart::record::{Contradiction, Fact, Paper, Shown, WhyCancel};
use postern_heart::screen::{Notice, Screen, Standing};
use postern_heart::settings::{OrderCodeWhen, Settings, Slips};

use crate::help::{Counter, NOON, absent, closed, code, fail, hkd, lost, processing, says_of, shop, success};

const LINK: &str = "https://pay.example/1";
const DAY_MS: u64 = 86_400_000;

/// A link for HK$40.00 on the screen; where there is a printer its slip is at it.
fn link(counter: &mut Counter) -> OrderId {
    counter.press("40e2");
    let id = counter.outstanding("PAY").request.payment().unwrap();
    counter.answer("PAY", code(LINK));
    id
}

/// The same, with the slip printed and the counter free again.
fn link_on_paper() -> (Counter, OrderId) {
    let mut counter = Counter::with_printer();
    let id = link(&mut counter);
    counter.print_ends(PrintEnd::Printed);
    counter.press("m");
    (counter, id)
}

fn standing(counter: &Counter, id: OrderId) -> Standing {
    counter.facts(id).standing()
}

/// The last question, the cancellation, and the question that agrees, each at the background's pace.
fn settle(counter: &mut Counter, last: Reply) {
    counter.answer_detail(last);
    counter.wait(200);
    counter.answer("CANCEL", success());
    counter.wait(200);
    counter.answer_detail(closed());
}

/// What the papers said, in order.
fn papers(counter: &Counter) -> Vec<&'static str> {
    counter.world.papers.iter().map(|paper| says_of(&paper.says)).collect()
}

#[test]
fn a_link_is_asked_for_with_its_own_product_and_a_day_of_time() {
    let mut counter = Counter::with_printer();
    counter.press("40e2");
    let Request::Pay(pay) = counter.outstanding("PAY").request else { panic!("a PAY") };
    assert_eq!(pay.product, PayProduct::CashierPayment);
    assert_eq!(pay.expire_at.0, NOON + DAY_MS as i64 + 10_000);
}

#[test]
fn a_link_is_on_disk_with_its_text_before_it_is_shown_and_before_it_is_printed() {
    let mut counter = Counter::with_printer();
    let id = link(&mut counter);
    assert_eq!(counter.code_shown().as_deref(), Some(LINK));
    assert_eq!(counter.on_disk(id), ["Asked", "Shown", "Printing"]);
    let (saved, shown) = (counter.logged("save Shown"), counter.logged("show collecting with its code"));
    assert!(saved < shown && shown < counter.logged("print"), "{}", counter.story());
    let paper = counter.world.papers.last().unwrap();
    let PaperSays::ScanToPay(code) = &paper.says else { panic!("{paper:?}") };
    assert_eq!((code.0.as_str(), paper.duplicate), (LINK, false));
    assert!(
        matches!(&counter.world.disk.records().iter().find(|record| matches!(record.fact, Fact::Shown(_))).unwrap().fact,
        Fact::Shown(Shown::Paper(code)) if code.0 == LINK)
    );
}

#[test]
fn a_link_frees_the_counter_on_one_key_and_is_waited_for_at_the_backgrounds_pace() {
    let (mut counter, id) = link_on_paper();
    assert_eq!(counter.screen(), "amount");
    assert_eq!((counter.view().strip.parked, counter.code_shown()), (1, None));
    let mut pauses = Vec::new();
    for _ in 0..8 {
        pauses.push(counter.next_ask_within(400_000).unwrap() / 1_000);
        counter.answer_detail(absent());
    }
    assert!((4..=6).contains(&pauses[0]), "{pauses:?}");
    assert!(pauses[1..3].iter().all(|pause| (3..=5).contains(pause)), "{pauses:?}");
    assert!((24..=36).contains(&pauses[3]), "{pauses:?}");
    assert!(pauses[4..7].iter().all(|pause| (48..=72).contains(pause)), "{pauses:?}");
    assert!((240..=360).contains(&pauses[7]), "{pauses:?}");
    let other = counter.pay_by_code("8");
    counter.answer("PAY", success());
    assert_eq!((counter.screen(), standing(&counter, other)), ("paid", Standing::Paid));
    assert_eq!(standing(&counter, id), Standing::Open);
}

#[test]
fn a_link_that_is_paid_while_others_are_served_calls_and_prints_its_receipt() {
    let (mut counter, id) = link_on_paper();
    counter.press("12");
    counter.world.sounds.clear();
    counter.next_ask_within(10_000).unwrap();
    counter.answer_detail(success());
    let told = Notice::ParkedEnded { amount: hkd(4_000), standing: Standing::Paid };
    assert_eq!(counter.notice(), Some(told));
    assert_eq!(counter.world.sounds, [Sound::Attention]);
    assert_eq!(counter.screen(), "amount");
    counter.print_ends(PrintEnd::Printed);
    assert_eq!(papers(&counter), ["code", "paid"]);
    assert_eq!(standing(&counter, id), Standing::Paid);
}

#[test]
fn rule_1_a_link_that_has_not_expired_stays_waiting_after_a_restart_and_nobody_is_held_up() {
    let (mut counter, id) = link_on_paper();
    counter.sleep(3_600_000);
    counter.restart();
    assert_eq!((counter.screen(), standing(&counter, id)), ("amount", Standing::Open));
    assert_eq!(counter.view().strip.parked, 1);
    counter.wait(0);
    counter.answer_detail(processing());
    assert!(!counter.is_outstanding("CANCEL"));
    counter.wait(60_000);
    counter.answer_detail(success());
    assert_eq!(standing(&counter, id), Standing::Paid);
}

/// A person who searches for a waiting link finds it, hands it out once more, and frees the counter again.
#[test]
fn after_a_restart_a_link_is_found_in_the_recent_list_shown_again_and_printed_again() {
    let (mut counter, id) = link_on_paper();
    counter.restart();
    counter.device(Device::Printer, Health::Working);
    counter.press("de");
    let Screen::One(one) = counter.cashier() else { panic!("{}", counter.screen()) };
    assert_eq!((one.summary.id, one.summary.standing, one.may_print), (id, Standing::Open, true));
    assert_eq!(one.waits_until, Some(counter.facts(id).asked.expire_at));
    counter.press("e");
    let copy = counter.world.papers.last().unwrap().clone();
    assert_eq!((says_of(&copy.says), copy.duplicate), ("code", true));
    counter.print_ends(PrintEnd::Printed);
    counter.press("q");
    assert_eq!((counter.screen(), counter.code_shown().as_deref()), ("collecting", Some(LINK)));
    counter.press("m");
    assert_eq!((counter.screen(), counter.code_shown()), ("amount", None));
}

#[test]
fn a_waiting_link_is_cancelled_from_the_list_with_stop_and_a_void_slip_says_so() {
    let (mut counter, id) = link_on_paper();
    counter.press("des");
    assert_eq!(counter.screen(), "cancelling");
    counter.answer_detail(processing());
    counter.answer("CANCEL", success());
    counter.answer_detail(closed());
    assert_eq!((counter.screen(), standing(&counter, id)), ("reversed", Standing::Reversed));
    counter.print_ends(PrintEnd::Printed);
    assert_eq!(papers(&counter), ["code", "void"]);
    assert_eq!(*counter.last_fact(id), Fact::Printed { paper: Paper::Void, confirmed: true });
}

#[test]
fn the_limit_of_a_link_is_asked_about_once_more_and_then_cancelled() {
    let mut settings = shop();
    settings.timings.link_limit_ms = 3_600_000;
    let mut counter = Counter::with(settings);
    let id = link(&mut counter);
    counter.press("m");
    counter.wait(3_590_000);
    while counter.is_outstanding("DETAIL") {
        counter.answer_detail(absent());
    }
    counter.wait_until(3_600_000);
    settle(&mut counter, absent());
    assert_eq!(counter.facts(id).cancel.as_ref().unwrap().why, WhyCancel::Limit);
    assert_eq!(standing(&counter, id), Standing::Reversed);
    let told = Notice::ParkedEnded { amount: hkd(4_000), standing: Standing::Reversed };
    assert_eq!(counter.notice(), Some(told));
}

/// The power was off when the limit came: it is asked about at once and cancelled like any other.
#[test]
fn a_link_whose_time_ran_out_while_the_power_was_off_is_settled_at_the_start() {
    let mut settings = shop();
    settings.timings.link_limit_ms = 3_600_000;
    let mut counter = Counter::with(settings);
    let id = link(&mut counter);
    counter.sleep(3_601_000);
    counter.restart();
    counter.wait(0);
    settle(&mut counter, processing());
    assert_eq!(standing(&counter, id), Standing::Reversed);
}

#[test]
fn without_a_right_clock_a_link_waits_its_whole_time_and_learns_its_limit_with_the_clock() {
    let mut settings = shop();
    settings.timings.link_limit_ms = 3_600_000;
    let mut counter = Counter::with(settings);
    let id = link(&mut counter);
    counter.sleep(3_500_000);
    let wall = counter.world.wall.take();
    counter.restart();
    counter.wait(0);
    counter.answer_detail(absent());
    counter.wait(120_000);
    assert!(!counter.is_outstanding("CANCEL"));
    counter.world.wall = wall;
    for _ in 0..3 {
        if counter.is_outstanding("DETAIL") {
            counter.answer_detail(absent());
        }
        counter.wait(200);
    }
    assert!(counter.facts(id).cancel.is_some(), "{}", counter.story());
}

#[test]
fn no_code_that_can_be_shown_as_a_link_is_cancelled_and_said() {
    let mut counter = Counter::new();
    counter.press("40e2");
    let id = counter.outstanding("PAY").request.payment().unwrap();
    counter.answer("PAY", processing());
    assert_eq!(counter.notice(), Some(Notice::NoOrderCode));
    counter.answer_detail(absent());
    assert!(matches!(counter.last_fact(id), Fact::Cancelling { why: WhyCancel::NoCode, .. }));
}

#[test]
fn a_final_answer_to_the_pay_of_a_link_is_final_and_success_is_an_alarm() {
    for (reply, result) in [(fail(), Standing::Refused), (closed(), Standing::Refused)] {
        let mut counter = Counter::new();
        counter.press("40e2");
        let id = counter.outstanding("PAY").request.payment().unwrap();
        counter.answer("PAY", reply);
        assert_eq!(standing(&counter, id), result);
    }
    let mut counter = Counter::new();
    counter.press("40e2");
    let id = counter.outstanding("PAY").request.payment().unwrap();
    counter.answer("PAY", success());
    assert_eq!((counter.screen(), standing(&counter, id)), ("unsettled", Standing::Unsettled));
    let records = counter.world.disk.records();
    assert!(records.iter().any(|record| record.fact == Fact::Contradicted(Contradiction::PaidBeforeShown)));
}

#[test]
fn a_shop_without_links_makes_none() {
    let mut counter = Counter::with(Settings { links: false, ..shop() });
    counter.press("40e2");
    assert!(!counter.is_outstanding("PAY"));
}

/// The slip could not be printed; when it was, the link had been paid: it is not handed to anybody any more.
#[test]
fn a_slip_that_waits_for_paper_is_not_printed_once_the_link_is_cancelled() {
    let mut counter = Counter::with_printer();
    counter.device(Device::Printer, Health::NoPaper);
    let id = link(&mut counter);
    assert_eq!(papers(&counter), Vec::<&str>::new());
    counter.press("s");
    counter.device(Device::Printer, Health::Working);
    assert_eq!(papers(&counter), Vec::<&str>::new());
    counter.answer_detail(processing());
    counter.answer("CANCEL", success());
    counter.answer_detail(closed());
    // No code is out, so that none is void.
    assert_eq!((papers(&counter), standing(&counter, id)), (vec!["cancelled"], Standing::Reversed));
}

#[test]
fn a_printed_order_code_has_ten_minutes_and_is_as_alive_as_one_on_the_display() {
    let mut counter = Counter::with_printer();
    counter.press("40e1");
    let Request::Pay(pay) = counter.outstanding("PAY").request else { panic!("a PAY") };
    assert_eq!((pay.product, pay.expire_at.0), (PayProduct::OrderCode, NOON + 610_000));
    counter.answer("PAY", code("https://qr.example/1"));
    counter.print_ends(PrintEnd::Printed);
    counter.press("m");
    counter.wait(599_000);
    counter.answer_detail(absent());
    assert_eq!(standing(&counter, pay.id), Standing::Open);
    counter.wait_until(600_000);
    settle(&mut counter, absent());
    assert_eq!(standing(&counter, pay.id), Standing::Reversed);
    assert_eq!(papers(&counter), ["code", "void"]);
}

#[test]
fn a_printed_code_survives_a_restart_and_one_on_a_display_does_not() {
    let mut counter = Counter::with_printer();
    counter.press("40e1");
    let printed = counter.outstanding("PAY").request.payment().unwrap();
    counter.answer("PAY", code("https://qr.example/1"));
    counter.press("m");
    let shown = counter.show_order("8");
    counter.restart();
    counter.wait(400);
    assert_eq!(standing(&counter, printed), Standing::Open);
    assert_eq!(counter.screen(), "unknown");
    while counter.facts(shown).cancel.is_none() {
        counter.answer_detail(absent());
    }
    assert!(counter.facts(printed).cancel.is_none());
}

#[test]
fn where_the_customer_has_no_display_the_order_code_is_printed() {
    for when in [OrderCodeWhen::OnKey, OrderCodeWhen::AtOnce] {
        let settings = Settings { customer_display: false, order_code: when, ..shop() };
        let mut counter = Counter::with(settings);
        counter.device(Device::Printer, Health::Working);
        counter.press("40e");
        assert!(!counter.is_outstanding("PAY"), "nobody has asked for paper");
        counter.press("q");
        counter.answer("PAY", code("https://qr.example/1"));
        assert_eq!(papers(&counter), ["code"]);
    }
    // Without a printer that works the cashier's own screen has to do.
    let mut counter = Counter::with(Settings { customer_display: false, slips: Slips::Never, ..shop() });
    counter.show_order("40");
    assert_eq!(papers(&counter), Vec::<&str>::new());
}

#[test]
fn rule_6_a_code_on_the_display_is_cancelled_before_another_one_is_printed() {
    let mut counter = Counter::with_printer();
    let shown = counter.show_order("40");
    counter.press("1");
    assert_eq!((counter.screen(), counter.code_shown()), ("cancelling", None));
    counter.answer_detail(absent());
    assert_eq!(counter.count("PAY"), 1);
    counter.answer("CANCEL", success());
    counter.answer_detail(closed());
    assert_eq!((standing(&counter, shown), counter.count("PAY")), (Standing::Reversed, 2));
    let printed = counter.outstanding("PAY").request.payment().unwrap();
    assert_eq!(counter.facts(printed).asked.attempt, 2);
    counter.answer("PAY", code("https://qr.example/2"));
    assert_eq!(counter.code_shown().as_deref(), Some("https://qr.example/2"));
}

/// A code on paper that was interrupted may be half out, so that it counts as out.
#[test]
fn a_code_slip_that_may_be_out_gets_its_void_slip_and_the_next_copy_says_duplicate() {
    let mut counter = Counter::with_printer();
    let id = link(&mut counter);
    counter.print_ends(PrintEnd::Interrupted);
    counter.press("1");
    assert!(counter.world.papers.last().unwrap().duplicate);
    counter.print_ends(PrintEnd::Printed);
    counter.press("s");
    counter.answer_detail(lost());
    counter.answer("CANCEL", success());
    counter.answer_detail(closed());
    assert_eq!(
        (papers(&counter), standing(&counter, id)),
        (vec!["code", "code", "void"], Standing::Reversed)
    );
}

#[test]
fn a_link_that_was_paid_owes_no_void_slip_when_its_money_is_given_back() {
    let (mut counter, id) = link_on_paper();
    counter.next_ask_within(10_000).unwrap();
    counter.answer_detail(success());
    counter.print_ends(PrintEnd::Printed);
    assert_eq!(counter.facts(id).paper_due(Slips::Every), None);
    assert_eq!(papers(&counter), ["code", "paid"]);
}

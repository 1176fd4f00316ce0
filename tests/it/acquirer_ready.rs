//! A request that is made ready while its record is written: it leaves when it is asked for, once, or never.

use postern::ports::Acquirer;
use postern_heart::ask::{Ask, Reply, Request, StatusWord};
use postern_heart::ids::RequestNo;

use crate::acquirer_help::{detail, pay_by_code};
use crate::acquirer_server::{Act, Authority, Server};
use crate::acquirer_terminal::{Terminal, about, at, good, state_of};

fn agreeable(authority: &Authority) -> Server {
    Server::start(good(authority), |heard| Act::Say(about(heard, "success")))
}

impl Terminal {
    /// Makes the request ready that will be asked next.
    fn make_ready(&mut self, request: Request) {
        self.client.make_ready(&Ask { no: RequestNo(self.asked + 1), request });
    }
}

#[test]
fn a_ready_request_leaves_once_on_the_connection_that_it_has() {
    let authority = Authority::new("test");
    let server = agreeable(&authority);
    let mut terminal = at(&server, &authority).start();
    terminal.client.warm();
    server.wait_greeted(1);
    for count in 1..=5 {
        terminal.make_ready(pay_by_code());
        assert_eq!(state_of(&terminal.ask(pay_by_code())), Some(StatusWord::Success));
        assert_eq!((server.accepted(), server.heard().len()), (1, count));
    }
}

#[test]
fn a_request_that_is_ready_and_never_asked_for_never_leaves_and_has_no_answer() {
    let authority = Authority::new("test");
    let server = agreeable(&authority);
    let mut terminal = at(&server, &authority).start();
    // Its record could not be written: the counter goes on with something else.
    terminal.make_ready(pay_by_code());
    server.wait_greeted(1);
    terminal.asked += 1;
    assert!(state_of(&terminal.ask(detail())).is_some());
    terminal.make_ready(pay_by_code());
    drop(terminal.client);
    assert!(terminal.events.iter().next().is_none(), "an answer to what nobody asked");
    let heard = server.heard();
    assert!(matches!(heard.as_slice(), [only] if only.text.starts_with("POST /v1/detail")));
}

#[test]
fn a_ready_request_whose_connection_was_closed_meanwhile_takes_another() {
    let authority = Authority::new("test");
    let server = agreeable(&authority);
    let mut terminal = at(&server, &authority).start();
    for round in 1..=20 {
        terminal.client.warm();
        server.wait_greeted(2 * round - 1);
        terminal.make_ready(pay_by_code());
        server.hang_up();
        server.wait_gone(2 * round - 1);
        assert!(state_of(&terminal.ask(pay_by_code())).is_some(), "round {round}");
        assert_eq!((server.greeted(), server.heard().len()), (2 * round, round));
        server.hang_up();
        server.wait_gone(2 * round);
    }
}

#[test]
fn a_request_that_cannot_be_made_ready_is_not_sent_once_it_is_asked_for() {
    let authority = Authority::new("test");
    let server = Server::start(good(&authority), |_| Act::Hang);
    let mut terminal = at(&server, &authority).start();
    drop(server);
    terminal.make_ready(pay_by_code());
    assert!(matches!(terminal.ask(pay_by_code()), Reply::NotSent(_)));
}

//! `postern doctor`: tries the clock, the journal, the acquirer and every device, and says in plain words what works and
//! what to do. It changes nothing, sells nothing, and can run beside a terminal except where a device serves only one.

use std::process::ExitCode;
use std::sync::Arc;
use std::sync::mpsc::RecvTimeoutError;
use std::time::Duration;

use postern_heart::ask::{Ask, Reply, Request, Says, Silence, Unreachable};
use postern_heart::event::Event;
use postern_heart::ids::{OrderId, RequestNo, Target, TerminalId};

use crate::acquirer::client::Client;
use crate::acquirer::profile::Profile;
use crate::board::{self, Finding};
use crate::clock::{Clock, Floor};
use crate::journal::{Lock, LockFault};
use crate::ports::{Acquirer as _, Inbox, Incoming};
use crate::run::{Files, Places, RunFault};
use crate::shop::Shop;

/// How long the acquirer's answer is waited for: longer than any limit of the client.
const ANSWER_WAIT: Duration = Duration::from_secs(30);

/// Tries everything and prints what was found; the exit code is 1 where something does not work.
///
/// # Errors
/// A file is wrong: nothing was tried.
pub fn run(places: &Places) -> Result<ExitCode, RunFault> {
    let Files { board, shop, profile } = Files::read(places)?;
    let mut findings = vec![clock(&shop, &profile), journal(places), acquirer(&shop, profile)];
    findings.extend(board::examine(&board));
    for finding in &findings {
        print(finding);
    }
    let all = findings.iter().all(|finding| finding.works);
    Ok(if all { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}

fn print(finding: &Finding) {
    let Finding { part, works, says, to_do } = finding;
    let mark = if *works { "works" } else { "FAILS" };
    println!("{mark}  {part}: {says}");
    if !to_do.is_empty() {
        println!("       what to do: {to_do}");
    }
}

fn clock(shop: &Shop, profile: &Profile) -> Finding {
    let mut clock = Clock::new(shop.clock_trust(), profile.time.clone(), Floor::new());
    match clock.now().wall {
        Some(trusted) => {
            let time = profile.time.write(trusted.wall).unwrap_or_default();
            Finding::works("clock", format!("it can be trusted, and says {time}"))
        }
        None => Finding::fails(
            "clock",
            "it can't be trusted: no time service keeps it right, or it lies before this program was made",
            "connect the network and wait for the time service, or set the time in the terminal's menu; where the \
             board has a good clock of its own, write clock = \"system\" into the shop file",
        ),
    }
}

fn journal(places: &Places) -> Finding {
    match Lock::take(&places.data) {
        Ok(_lock) => Finding::works("journal", format!("{} can be written", places.data.display())),
        Err(LockFault::Held { holder, .. }) => {
            Finding::works("journal", format!("{} is in use by {holder}", places.data.display()))
        }
        Err(fault) => {
            Finding::fails("journal", fault.to_string(), "make the directory writable for this user")
        }
    }
}

/// Asks about an id that was never used, as the terminal does at every start.
fn acquirer(shop: &Shop, profile: Profile) -> Finding {
    let place = profile.base_url.authority();
    let fails = |says: String, to_do: &str| Finding::fails("acquirer", says, to_do);
    let client = match client(shop, profile) {
        Ok(client) => client,
        Err(fault) => return fails(fault.to_string(), "mend the named file"),
    };
    let (mut client, incoming) = client;
    let terminal = TerminalId::parse("DOCTOR").unwrap_or_default();
    let Ok(random) = crate::run::seed() else { return fails("there is no randomness".into(), "") };
    let id = OrderId::make(terminal, 0, random);
    let no = RequestNo(1);
    client.ask(Ask { no, request: Request::Detail { id: Target::Ours(id), amount: None } });
    let reply = match incoming.recv_timeout(ANSWER_WAIT) {
        Ok(Incoming::Event(Event::Answered { reply, .. })) => reply,
        Ok(_) | Err(RecvTimeoutError::Timeout | RecvTimeoutError::Disconnected) => {
            Reply::Unknown(Silence::TimeOut)
        }
    };
    match reply {
        Reply::Answer(answer) if answer.says == Says::Absent => {
            Finding::works("acquirer", format!("{place} answers, and accepts this terminal's key"))
        }
        Reply::Answer(answer) => match answer.says {
            Says::NotAccepted(code) => fails(
                format!("{place} does not accept this terminal (code {})", code.0),
                "compare client_id, sign_id and the key file with what the acquirer gave you",
            ),
            says => {
                fails(format!("{place} answers {says:?} about an id that was never used"), "ask the acquirer")
            }
        },
        Reply::NotSent(why) => {
            let (says, to_do) = unreachable(why);
            fails(format!("{place}: {says}"), to_do)
        }
        Reply::Unknown(Silence::BadSignature) => fails(
            format!("{place} answers, but its signature does not verify"),
            "compare the key file with the acquirer's key; if it is right, somebody else may be answering",
        ),
        Reply::Unknown(silence) => fails(
            format!("{place} gave no answer that counts ({silence:?})"),
            "try again; then ask the acquirer",
        ),
    }
}

fn client(
    shop: &Shop,
    profile: Profile,
) -> Result<(Client, std::sync::mpsc::Receiver<Incoming>), Box<dyn std::error::Error>> {
    let (inbox, incoming) = Inbox::channel();
    let merchant = shop.merchant(&profile)?;
    let client = Client::open(Arc::new(profile), merchant, &Floor::new(), inbox)?;
    Ok((client, incoming))
}

fn unreachable(why: Unreachable) -> (&'static str, &'static str) {
    match why {
        Unreachable::Name => {
            ("its name can't be looked up", "check the network and base_url in the wire profile")
        }
        Unreachable::Connect => ("no connection", "check the network cable and the firewall"),
        Unreachable::Tls => (
            "its certificate is not good",
            "check the clock, and ca_file and pinned_roots in the wire profile",
        ),
        Unreachable::Request => ("the request can't be built", "check the shop file and the wire profile"),
    }
}

//! `listen --inbox`: what is acknowledged is stored, whatever happens to the process, its output or its store.
#![cfg(unix)]

mod kill;
mod processes;
#[path = "../../../webhook-inbox/tests/suite/server.rs"]
#[allow(dead_code, unreachable_pub, reason = "the inbox's own tests use all of it")]
mod server;

use std::collections::BTreeSet;
use std::ffi::OsStr;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::thread;
use std::time::{Duration, Instant};

use webhook_inbox::{Filter, Inbox, Row};

use crate::listener::Listener;
use crate::process;
use crate::vendors::{EVERY_SECRET, Vendor};

type Qase = qase_webhooks::Webhook;
type Deepsource = deepsource_webhooks::Webhook;
type Monitorqa = monitorqa_webhooks::Webhook;

/// Starts an ignored test of this binary as a process of its own, which its environment tells what to do.
fn start_test(name: &str, environment: &[(&str, &OsStr)]) -> Child {
    Command::new(std::env::current_exe().unwrap())
        .args(["--exact", name, "--ignored", "--nocapture"])
        .envs(environment.iter().copied())
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .spawn()
        .unwrap()
}

/// A folder that is removed with the test.
pub(crate) struct Folder(PathBuf);

impl Folder {
    pub(crate) fn new(name: &str) -> Self {
        let path = PathBuf::from(env!("CARGO_TARGET_TMPDIR")).join(format!("{name}-{}", std::process::id()));
        let _ = std::fs::remove_dir_all(&path);
        std::fs::create_dir_all(&path).unwrap();
        Self(path)
    }

    pub(crate) fn path(&self) -> &Path {
        &self.0
    }

    fn url(&self) -> String {
        format!("sqlite:{}", self.0.join("inbox.db").display())
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        let _ = std::fs::remove_dir_all(&self.0);
    }
}

fn body(number: usize) -> String {
    format!(r#"{{"event_name":"run.deleted","timestamp":1772366400,"payload":{{"id":{number}}}}}"#)
}

/// What an inbox holds.
fn rows(url: &str) -> Vec<Row> {
    with_inbox(url, async |inbox| {
        let mut rows: Vec<Row> = Vec::new();
        loop {
            let after = rows.last().map(|row| row.seq);
            let page = inbox.list(&Filter::all(), after, webhook_inbox::MAX_PAGE).await.unwrap();
            if page.is_empty() {
                return rows;
            }
            rows.extend(page);
        }
    })
}

/// The exact bodies that an inbox holds, in order.
fn bodies(url: &str) -> Vec<Vec<u8>> {
    let rows = rows(url);
    with_inbox(url, async |inbox| {
        let mut bodies = Vec::new();
        for row in &rows {
            bodies.push(inbox.get(row.seq).await.unwrap().unwrap().body.to_vec());
        }
        bodies
    })
}

pub(crate) fn with_inbox<T>(url: &str, act: impl AsyncFnOnce(&Inbox) -> T) -> T {
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build().unwrap();
    runtime.block_on(async {
        let inbox = Inbox::open(url).await.unwrap();
        let outcome = act(&inbox).await;
        inbox.close().await.unwrap();
        outcome
    })
}

fn start(url: &str) -> Listener {
    Listener::start(&["--inbox", url], &EVERY_SECRET)
}

#[test]
fn every_sample_is_stored_byte_for_byte_and_printed() {
    let folder = Folder::new("inbox-samples");
    let listener = start(&folder.url());
    let mut sent = Vec::new();
    deliver_all::<Qase>(&listener, &mut sent);
    deliver_all::<Deepsource>(&listener, &mut sent);
    deliver_all::<Monitorqa>(&listener, &mut sent);
    // What no vendor sends is genuine too, and is not lost.
    for other in [&b"no json"[..], b"\xff\xfe", b"", b"[]"] {
        assert_eq!(Qase::deliver(&listener, other).status, 200);
        sent.push(other.to_vec());
    }
    let remains = listener.stop();
    assert!(!remains.stderr.contains("deliveries are not stored"), "{}", remains.stderr);
    assert!(remains.stdout.len() > sent.len(), "repetitions are printed too");
    assert!(bodies(&folder.url()) == sent, "byte for byte, in the order of their arrival");
}

fn deliver_all<W: Vendor>(listener: &Listener, sent: &mut Vec<Vec<u8>>) {
    let mut keys = BTreeSet::new();
    for sample in W::samples() {
        let body = sample.body().as_bytes();
        assert_eq!(W::deliver(listener, body).status, 200, "{sample:?}");
        // Some samples are other forms of one event, with its id.
        if keys.insert(sample.delivery().key()) {
            sent.push(body.to_vec());
        }
    }
}

#[test]
fn a_repeated_delivery_is_one_row_and_is_marked_also_after_a_restart() {
    let folder = Folder::new("inbox-repeat");
    let listener = start(&folder.url());
    for repeat in [0, 1] {
        assert_eq!(Qase::deliver(&listener, body(1).as_bytes()).status, 200);
        assert_eq!(listener.line()["repeat"], repeat);
    }
    listener.stop();
    let listener = start(&folder.url());
    assert_eq!(Qase::deliver(&listener, body(1).as_bytes()).status, 200);
    assert_eq!(listener.line()["repeat"], 1);
    listener.stop();
    let rows = rows(&folder.url());
    assert_eq!((rows.len(), rows[0].copies), (1, 3));
}

/// A URL of Postgres has a password in it, which a command line would show to everybody on the machine.
#[test]
fn the_environment_names_the_inbox_or_a_file_that_does() {
    let folder = Folder::new("inbox-environment");
    let (url, file) = (folder.url(), folder.path().join("url"));
    std::fs::write(&file, format!("{url}\n")).unwrap();
    let file = file.to_str().unwrap();
    for (number, variable) in
        [("WEBHOOKS_INBOX", url.as_str()), ("WEBHOOKS_INBOX_FILE", file)].iter().enumerate()
    {
        let listener = Listener::start(&[], &[&EVERY_SECRET[..], &[*variable]].concat());
        assert_eq!(Qase::deliver(&listener, body(number).as_bytes()).status, 200);
        listener.stop();
        assert_eq!(rows(&url).len(), number + 1, "{variable:?}");
        let listed = process::webhooks_with(&["inbox", "list", "--json"], &[*variable], b"");
        assert_eq!(listed.lines().len(), number + 1, "{}", listed.stderr);
    }
    // An option says more than a variable.
    let other = Folder::new("inbox-option");
    let listener = Listener::start(
        &["--inbox", &other.url()],
        &[&EVERY_SECRET[..], &[("WEBHOOKS_INBOX", &url)]].concat(),
    );
    assert_eq!(Qase::deliver(&listener, body(9).as_bytes()).status, 200);
    listener.stop();
    assert_eq!((rows(&url).len(), rows(&other.url()).len()), (2, 1));
    // A value that is not valid is reported without the URL.
    for (environment, words) in [
        (
            vec![("WEBHOOKS_INBOX", "postgres://a:pa55word@127.0.0.1:1/x"), ("WEBHOOKS_INBOX_FILE", file)],
            "both set",
        ),
        (vec![("WEBHOOKS_INBOX_FILE", "/nowhere/url")], "/nowhere/url"),
        (vec![], "no inbox is named"),
    ] {
        let failed = process::webhooks_with(&["inbox", "list"], &environment, b"");
        assert_eq!(failed.code, Some(2));
        assert!(failed.stderr.contains(words) && !failed.stderr.contains("pa55word"), "{}", failed.stderr);
    }
}

#[test]
fn a_forged_delivery_is_not_stored() {
    let folder = Folder::new("inbox-forged");
    let listener = start(&folder.url());
    assert_eq!(Qase::post(&listener, &Qase::signed_with(body(1).as_bytes(), "another-secret")).status, 401);
    listener.stop();
    assert!(rows(&folder.url()).is_empty());
}

/// The file may not grow any more, as on a full disk.
#[test]
fn a_full_store_is_answered_503_within_5_seconds_and_recovers() {
    let folder = Folder::new("inbox-full");
    let url = folder.url();
    let listener = Listener::start(&["--inbox", &url, "--inbox-max-bytes", "300000"], &EVERY_SECRET);
    let large =
        |number: usize| body(number).replace("}}", &format!(",\"title\":\"{}\"}}}}", "x".repeat(9_000)));
    let mut acknowledged = Vec::new();
    for number in 0.. {
        assert!(number < 200, "a store of 300 kB took 200 deliveries of 9 kB");
        let asked = Instant::now();
        let answer = Qase::deliver(&listener, large(number).as_bytes());
        assert!(asked.elapsed() < Duration::from_secs(6), "{:?}", asked.elapsed());
        match answer.status {
            200 => acknowledged.push(large(number).into_bytes()),
            503 => {
                assert!(answer.head.contains("retry-after: "), "{}", answer.head);
                break;
            }
            other => panic!("{other}"),
        }
    }
    assert!(acknowledged.len() > 5);
    assert_eq!(listener.request("GET", "/readyz", &[], b"").status, 503);
    assert_eq!(listener.request("GET", "/livez", &[], b"").status, 200);
    let remains = listener.stop();
    assert!(remains.stderr.contains("the inbox cannot store deliveries"), "{}", remains.stderr);
    assert!(bodies(&url) == acknowledged, "what was acknowledged, and nothing else");
    // With room, it goes on.
    let listener = start(&url);
    assert_eq!(Qase::deliver(&listener, large(1_000).as_bytes()).status, 200);
    assert_eq!(listener.request("GET", "/readyz", &[], b"").status, 200);
}

/// Another program holds the lock of the file: the store answers nothing.
#[test]
fn a_store_that_does_not_answer_is_answered_503_within_5_seconds_and_recovers() {
    let folder = Folder::new("inbox-locked");
    let url = folder.url();
    let listener = start(&url);
    assert_eq!(Qase::deliver(&listener, body(1).as_bytes()).status, 200);
    let lock = rusqlite::Connection::open(folder.path().join("inbox.db")).unwrap();
    lock.execute_batch("BEGIN IMMEDIATE").unwrap();
    let asked = Instant::now();
    assert_eq!(Qase::deliver(&listener, body(2).as_bytes()).status, 503);
    assert!(asked.elapsed() < Duration::from_secs(6), "{:?}", asked.elapsed());
    lock.execute_batch("ROLLBACK").unwrap();
    let released = Instant::now();
    while Qase::deliver(&listener, body(3).as_bytes()).status != 200 {
        assert!(released.elapsed() < Duration::from_secs(10), "it did not recover");
        thread::sleep(Duration::from_millis(100));
    }
    listener.stop();
    let kept = bodies(&url);
    assert!(kept.contains(&body(1).into_bytes()) && kept.contains(&body(3).into_bytes()));
}

/// A server that is stopped, as a crash would, and started again.
#[test]
fn a_stopped_postgres_is_answered_503_within_5_seconds_and_recovers() {
    let Some(mut server) = server::Server::start("") else { return server::left_out() };
    let url = server.url("postgres");
    let until_ready = |server: &server::Server| {
        tokio::runtime::Runtime::new().unwrap().block_on(server.ready());
    };
    until_ready(&server);
    let listener = start(&url);
    assert_eq!(Qase::deliver(&listener, body(1).as_bytes()).status, 200);
    server.stop();
    for number in 2..4 {
        let asked = Instant::now();
        assert_eq!(Qase::deliver(&listener, body(number).as_bytes()).status, 503);
        assert!(asked.elapsed() < Duration::from_secs(6), "{:?}", asked.elapsed());
    }
    assert_eq!(listener.request("GET", "/readyz", &[], b"").status, 503);
    server.start_again();
    until_ready(&server);
    let started = Instant::now();
    while Qase::deliver(&listener, body(4).as_bytes()).status != 200 {
        assert!(started.elapsed() < Duration::from_secs(15), "it did not recover");
        thread::sleep(Duration::from_millis(100));
    }
    assert_eq!(listener.request("GET", "/readyz", &[], b"").status, 200);
    let remains = listener.stop();
    assert!(remains.stderr.contains("the inbox cannot store deliveries"), "{}", remains.stderr);
    assert!(remains.stderr.contains("the inbox stores deliveries again"), "{}", remains.stderr);
    let kept = bodies(&url);
    assert!(kept.contains(&body(1).into_bytes()) && kept.contains(&body(4).into_bytes()));
}

#[test]
fn an_output_that_stalls_or_ends_holds_up_nothing_that_is_kept() {
    let folder = Folder::new("inbox-stalled");
    for gone in [false, true] {
        let url = format!("{}{gone}", folder.url());
        let arguments = ["listen", "--json", "--addr", "127.0.0.1:0", "--inbox", &url];
        let mut command = process::command(&arguments, &EVERY_SECRET);
        let (reader, writer) = std::io::pipe().unwrap();
        let mut child = command.stdout(Stdio::from(writer)).spawn().unwrap();
        drop(command);
        let reader = (!gone).then_some(reader);
        let mut stderr = std::io::BufReader::new(child.stderr.take().unwrap());
        let mut first = String::new();
        std::io::BufRead::read_line(&mut stderr, &mut first).unwrap();
        let addr =
            first.trim_start_matches("listening on http://").split(' ').next().unwrap().parse().unwrap();
        let request = Qase::signed(b"");
        let headers = request.headers();
        let large = |number: usize| body(number) + &" ".repeat(20_000);
        for number in 0..1_000 {
            let answer = crate::http::request(addr, "POST", "/qase", headers, large(number).as_bytes());
            assert_eq!(answer.status, 200, "gone: {gone}, {number}");
        }
        assert_eq!(crate::http::request(addr, "GET", "/readyz", &[], b"").status, 200);
        let told = Instant::now();
        std::process::Command::new("kill").arg(child.id().to_string()).status().unwrap();
        assert_eq!(process::wait(&mut child, Duration::from_secs(20)).code(), Some(0));
        assert!(told.elapsed() < Duration::from_secs(10), "{:?}", told.elapsed());
        drop(reader);
        assert_eq!(rows(&url).len(), 1_000);
    }
}

#[test]
fn an_inbox_that_cannot_be_opened_is_wrong_usage_and_named() {
    let folder = Folder::new("inbox-wrong");
    let file = folder.path().join("text.db");
    std::fs::write(&file, "this is no database, and long enough to be read as one: ".repeat(100)).unwrap();
    let text = format!("sqlite:{}", file.display());
    for (url, words) in [
        ("sqlite:/nowhere/at/all/inbox.db", "/nowhere/at/all"),
        ("mysql://user:private-password@host/db", "mysql"),
        (&text, "text.db"),
    ] {
        let arguments = ["listen", "--addr", "127.0.0.1:0", "--inbox", url];
        let refused = process::webhooks_with(&arguments, &EVERY_SECRET, b"");
        assert_eq!((refused.code, refused.stdout.as_str()), (Some(2), ""), "{url}");
        assert!(refused.stderr.contains(words), "{url}: {}", refused.stderr);
        assert!(!refused.stderr.contains("private-password"), "{}", refused.stderr);
    }
}

#[test]
fn without_an_inbox_it_is_said_that_nothing_is_kept() {
    let stderr = Listener::start(&[], &EVERY_SECRET).stop().stderr;
    assert!(stderr.contains("deliveries are not stored") && stderr.contains("--inbox"), "{stderr}");
}

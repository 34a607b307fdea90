//! `webhooks inbox`: what is kept can be listed, shown, exported, replayed, pruned and checked.

use std::io::Read as _;
use std::process::Stdio;
use std::time::Duration;

use serde_json::{Value, json};
use webhook_core::{Delivery, Envelope};
use webhook_inbox::{Inbox, NewDelivery, Start};

use crate::folder::Folder;
use crate::process::{Outcome, command, wait, webhooks, webhooks_with};
use crate::vendors::Vendor;

type Qase = qase_webhooks::Webhook;
type Deepsource = deepsource_webhooks::Webhook;

const RUN: &str = "{ \"event_name\":\"run.deleted\",\n\"timestamp\":1,\"payload\":{\"id\":1}}";

/// Keeps these deliveries, in order.
fn keep(url: &str, deliveries: Vec<NewDelivery>) {
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build().unwrap();
    runtime.block_on(async {
        let inbox = Inbox::open(url).await.unwrap();
        for delivery in deliveries {
            inbox.keep_raw(delivery).await.unwrap();
        }
        inbox.close().await.unwrap();
    });
}

/// Makes a sink known to an inbox, so that everything is pending there.
fn with_sink(url: &str, sink: &str) {
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build().unwrap();
    runtime.block_on(async {
        let inbox = Inbox::open(url).await.unwrap();
        inbox.register(sink, Start::Oldest).await.unwrap();
        inbox.close().await.unwrap();
    });
}

fn new<W: Envelope>(body: impl Into<Vec<u8>>) -> NewDelivery {
    NewDelivery::of(&Delivery::<W>::from_unverified(body.into()))
}

/// A folder with an inbox of a few deliveries, and its address.
fn filled(name: &str) -> (Folder, String) {
    let folder = Folder::new(name);
    let url = format!("sqlite:{}", folder.path("inbox.db"));
    let test_event = Deepsource::samples().iter().find(|sample| sample.event() == "test.event").unwrap();
    keep(
        &url,
        vec![
            new::<Qase>(RUN),
            new::<Qase>(RUN),
            new::<Deepsource>(test_event.body()),
            new::<Qase>(&b"\xff\xfe not a webhook \x1b[2J"[..]),
        ],
    );
    (folder, url)
}

fn inbox(url: &str, arguments: &[&str]) -> Outcome {
    let (first, rest) = arguments.split_first().unwrap();
    let outcome = webhooks(&[&["inbox", *first, "--inbox", url], rest].concat());
    assert!(!outcome.stderr.contains("panicked"), "{}", outcome.stderr);
    outcome
}

#[test]
fn deliveries_are_listed_by_their_conditions() {
    let (_folder, url) = filled("inbox-list");
    let listed = |conditions: &[&str]| {
        let outcome = inbox(&url, &[&["list", "--json"], conditions].concat());
        assert_eq!((outcome.code, outcome.stderr.as_str()), (Some(0), ""));
        outcome.lines()
    };
    let all = listed(&[]);
    assert_eq!(all.len(), 3, "a repeated delivery is one row");
    let first = ["vendor", "event", "copies"].map(|key| all[0][key].clone());
    assert_eq!(first, [json!("qase"), json!("run.deleted"), json!(2)]);
    assert!(all[0].get("body").is_none());
    for (conditions, count) in [
        (&["--vendor", "deepsource"][..], 1),
        (&["--event", "run.*", "--event", "test.event"], 2),
        (&["--event", "run.*", "--vendor", "deepsource"], 0),
        (&["--key", all[0]["key"].as_str().unwrap()], 1),
        (&["--since", "1h"], 3),
        (&["--until", "1h"], 0),
        (&["--until", "2999-01-01"], 3),
        (&["--limit", "2"], 2),
        (&["--seq", "1"], 1),
        (&["--state", "dead"], 0),
    ] {
        assert_eq!(listed(conditions).len(), count, "{conditions:?}");
    }
    with_sink(&url, "tickets");
    assert_eq!(listed(&["--sink", "tickets", "--state", "pending"]).len(), 3);
    assert_eq!(listed(&["--sink", "tickets", "--state", "dead"]).len(), 0);
    for name in ["list", "export"] {
        let unknown = inbox(&url, &[name, "--sink", "nobody"]);
        assert_eq!((unknown.code, unknown.stdout.as_str()), (Some(2), ""));
        assert!(unknown.stderr.contains("no sink is called `nobody`"), "{}", unknown.stderr);
    }
    assert_eq!(inbox(&url, &["export", "--sink", "tickets", "--vendor", "qase"]).lines().len(), 2);
    let people = inbox(&url, &["list"]).stdout;
    assert_eq!(people.lines().count(), 3);
    assert!(people.contains("run.deleted") && people.contains("2 times"), "{people}");
}

#[test]
fn the_exact_body_goes_into_every_command_that_takes_a_file() {
    let (_folder, url) = filled("inbox-show");
    let body = inbox(&url, &["show", "1", "--body"]);
    assert_eq!((body.code, body.stdout.as_str()), (Some(0), RUN));
    assert_eq!(webhooks_with(&["inspect", "-"], &[], body.stdout.as_bytes()).code, Some(0));
    let send = ["send", "--file", "-", "--print", "--secret", "a-secret-of-a-test"];
    assert!(webhooks_with(&send, &[], body.stdout.as_bytes()).stdout.ends_with(RUN));

    let shown = inbox(&url, &["show", "1", "--json"]).line();
    assert_eq!((&shown["body"], &shown["attempts"]), (&json!(RUN), &json!([])));
    let raw = inbox(&url, &["show", "4", "--json"]).line();
    assert_eq!((&raw["body_base64"], &raw["body"]), (&json!("//4gbm90IGEgd2ViaG9vayAbWzJK"), &Value::Null));
    let people = inbox(&url, &["show", "4"]).stdout;
    assert!(people.contains("not a webhook") && !people.contains('\u{1b}'), "{people:?}");

    for (number, message) in [("99", "the inbox has no delivery 99"), ("x", "invalid")] {
        let missing = inbox(&url, &["show", number]);
        assert_eq!(missing.code, Some(2));
        assert!(missing.stderr.contains(message), "{}", missing.stderr);
    }
}

#[test]
fn an_export_is_read_back_by_inspect() {
    let (_folder, url) = filled("inbox-export");
    let export = inbox(&url, &["export"]);
    assert_eq!((export.code, export.stderr.as_str()), (Some(0), ""));
    let lines = export.lines();
    assert_eq!(lines.len(), 3);
    assert_eq!(
        (&lines[0]["body"], &lines[0]["seq"], &lines[0]["copies"]),
        (&json!(RUN), &json!(1), &json!(2))
    );
    let inspected = webhooks_with(&["inspect", "--json", "-"], &[], export.stdout.as_bytes());
    assert_eq!(inspected.code, Some(1), "one is no webhook");
    let reports = inspected.lines();
    for (report, line) in reports.iter().zip(&lines) {
        assert_eq!((&report["vendor"], &report["event"], &report["key"]), {
            (&line["vendor"], &line["event"], &line["key"])
        });
    }
    assert_eq!(reports[2]["decoded"], false);
    assert_eq!(inbox(&url, &["export", "--vendor", "deepsource"]).lines().len(), 1);
}

#[test]
fn what_changes_an_inbox_says_what_it_acts_on() {
    let (_folder, url) = filled("inbox-change");
    for name in ["replay", "prune"] {
        let refused = inbox(&url, &[name]);
        assert_eq!((refused.code, refused.stdout.as_str()), (Some(2), ""));
        assert!(refused.stderr.contains("give a condition, or --all"), "{}", refused.stderr);
        assert_eq!(inbox(&url, &[name, "--all", "--vendor", "qase"]).code, Some(2));
    }
    assert_eq!(inbox(&url, &["replay", "--vendor", "qase", "--json"]).line(), json!({"replayed": 0}));
    let unknown = inbox(&url, &["replay", "--all", "--sink", "nobody"]);
    assert_eq!(unknown.code, Some(2));
    assert!(unknown.stderr.contains("nobody"), "{}", unknown.stderr);

    assert_eq!(inbox(&url, &["prune", "--until", "1h", "--json"]).line(), json!({"pruned": 0}));
    assert_eq!(inbox(&url, &["prune", "--vendor", "qase", "--json"]).line(), json!({"pruned": 2}));
    let export = inbox(&url, &["export"]);
    assert_eq!(export.lines().len(), 1, "what was pruned has no body");
    let chosen = inbox(&url, &["export", "--seq", "1"]);
    assert_eq!((chosen.code, chosen.stdout.as_str()), (Some(0), ""));
    assert!(chosen.stderr.contains("1 deliveries were left out"), "{}", chosen.stderr);
    let pruned = inbox(&url, &["show", "1", "--body"]);
    assert_eq!((pruned.code, pruned.stdout.as_str()), (Some(2), ""));
    assert!(pruned.stderr.contains("was removed at"), "{}", pruned.stderr);
    assert_eq!(inbox(&url, &["prune", "--all"]).stdout, "the bodies of 1 deliveries were removed\n");
    keep(&url, vec![new::<Qase>(RUN)]);
    assert_eq!(inbox(&url, &["list", "--json", "--seq", "1"]).line()["copies"], 3, "it is still recognised");
}

#[test]
fn a_check_tells_a_sound_inbox_from_a_damaged_one() {
    let (folder, url) = filled("inbox-check");
    let sound = inbox(&url, &["check", "--deep", "--json"]);
    assert_eq!((sound.code, &sound.line()["deliveries"]), (Some(0), &json!(3)));
    assert_eq!((&sound.line()["problems"], &sound.line()["sinks"]), (&json!([]), &json!([])));
    assert!(inbox(&url, &["check"]).stdout.contains("deliveries: 3,"));

    let file = folder.path("inbox.db");
    let mut bytes = std::fs::read(&file).unwrap();
    let middle = bytes.len() / 2;
    bytes[4096..middle].fill(0xa5);
    std::fs::write(&file, bytes).unwrap();
    let damaged = inbox(&url, &["check", "--deep"]);
    assert!(matches!(damaged.code, Some(1 | 2)), "{}{}", damaged.stdout, damaged.stderr);
    let told = format!("{}{}", damaged.stdout, damaged.stderr);
    assert!(told.contains("malformed") || told.contains("problem"), "{told}");
}

#[test]
fn what_is_no_inbox_is_named_and_never_created() {
    let folder = Folder::new("inbox-wrong");
    let missing = folder.path("missing.db");
    let text = folder.write("text.db", "not a database, and long enough to be looked at");
    for (url, message) in [
        (format!("sqlite:{missing}"), format!("there is no inbox at {missing}")),
        (format!("sqlite:{text}"), text.clone()),
        (format!("sqlite:{}", folder.path("")), "is not a file".to_owned()),
        ("sqlite:".to_owned(), "does not name a file".to_owned()),
        ("mysql://x".to_owned(), "mysql".to_owned()),
    ] {
        for name in ["list", "export", "check"] {
            let outcome = inbox(&url, &[name]);
            assert_eq!((outcome.code, outcome.stdout.as_str()), (Some(2), ""), "{url}");
            assert!(outcome.stderr.contains(&message), "{url}: {}", outcome.stderr);
        }
    }
    assert!(!std::path::Path::new(&missing).exists());
    assert_eq!(webhooks(&["inbox", "list"]).code, Some(2));
    assert_eq!(webhooks(&["inbox"]).code, Some(2));
    let (_folder, url) = filled("inbox-variable");
    let by_variable = webhooks_with(&["inbox", "list", "--json"], &[("WEBHOOKS_INBOX", &url)], b"");
    assert_eq!(by_variable.lines().len(), 3, "{}", by_variable.stderr);
    let secret = "postgres://user:pa55word@127.0.0.1:1/db";
    let help = webhooks_with(&["inbox", "list", "--help"], &[("WEBHOOKS_INBOX", secret)], b"");
    let failed = webhooks_with(&["inbox", "list"], &[("WEBHOOKS_INBOX", secret)], b"");
    assert_eq!(failed.code, Some(2));
    for outcome in [help, failed] {
        assert!(!format!("{}{}", outcome.stdout, outcome.stderr).contains("pa55word"));
    }
}

/// Nothing is held but a page: the peak with many deliveries is that with a few.
#[test]
#[cfg(target_os = "linux")]
fn the_memory_of_an_export_does_not_grow_with_the_inbox() {
    let peak = |count: usize| {
        let folder = Folder::new(&format!("inbox-memory-{count}"));
        let url = format!("sqlite:{}", folder.path("inbox.db"));
        let body = |number: usize| {
            format!(
                r#"{{"event_name":"x","timestamp":{number},"payload":{{"text":"{}"}}}}"#,
                "x".repeat(4_000)
            )
        };
        keep(&url, (0..count).map(|number| new::<Qase>(body(number))).collect());
        let mut child =
            command(&["inbox", "export", "--inbox", &url], &[]).stdin(Stdio::null()).spawn().unwrap();
        let mut stdout = child.stdout.take().unwrap();
        let mut read = 0;
        let mut buffer = vec![0; 64 * 1024];
        let mut peak = 0;
        loop {
            let status = std::fs::read_to_string(format!("/proc/{}/status", child.id())).unwrap_or_default();
            let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:"));
            peak = line.map_or(peak, |line| line.trim().trim_end_matches(" kB").parse::<u64>().unwrap());
            match stdout.read(&mut buffer).unwrap() {
                0 => break,
                length => read += length,
            }
        }
        assert!(wait(&mut child, Duration::from_secs(60)).success());
        assert!(read > count * 4_000);
        peak
    };
    let (few, many) = (peak(200), peak(3_000));
    assert!(many < few + 8_000, "{few} kB for 200 deliveries, {many} kB for 3,000");
}

//! `webhooks inspect` on many payloads: folders, streams of lines, captured requests, and their summary.

use std::fmt::Write as _;
use std::io::{Read, Write};
use std::process::Stdio;
use std::time::{Duration, Instant};

use serde_json::{Value, json};
use webhook_core::Envelope as _;

use crate::folder::Folder;
use crate::process::{command, wait, webhooks, webhooks_with};
use crate::vendors::Vendor;

const RUN: &str = r#"{"event_name":"run.deleted","timestamp":1,"payload":{"id":1}}"#;
const AUDIT: &str = r#"{"event":"brand.new","data":{"a":1}}"#;
const BROKEN: &str = r#"{"event_name":"run.deleted","timestamp":1,"payload":{"id":"#;

/// The places of the payloads and whether they decoded.
fn places(arguments: &[&str], input: &str) -> Vec<(String, Value, bool)> {
    let arguments = [&["inspect", "--json"], arguments].concat();
    let outcome = webhooks_with(&arguments, &[], input.as_bytes());
    assert_eq!(outcome.stderr, "");
    let lines = outcome.lines().into_iter();
    lines
        .map(|line| {
            (line["file"].as_str().unwrap().to_owned(), line["line"].clone(), line["decoded"] == true)
        })
        .collect()
}

#[test]
fn a_stream_is_inspected_line_by_line_in_its_order() {
    let mut stream = String::new();
    let count: u64 = 20_000;
    for number in 1..=count {
        writeln!(stream, "{}", RUN.replace("\"id\":1", &format!("\"id\":{number}"))).unwrap();
    }
    for jobs in ["1", "2", "7"] {
        let outcome = webhooks_with(&["inspect", "--json", "--jobs", jobs, "-"], &[], stream.as_bytes());
        assert_eq!(outcome.code, Some(0), "{}", outcome.stderr);
        let lines = outcome.lines();
        assert_eq!(lines.len() as u64, count);
        for (number, line) in (1..).zip(lines) {
            assert_eq!((&line["line"], &line["webhook"]["payload"]["id"]), (&json!(number), &json!(number)));
        }
    }
}

#[test]
fn a_stream_is_recognised_by_its_first_line_or_named() {
    let line = |number: u64, decoded: bool| ("-".to_owned(), json!(number), decoded);
    let whole = |decoded: bool| ("-".to_owned(), Value::Null, decoded);
    for (arguments, input, expected) in [
        (&["-"][..], format!("{RUN}\n{AUDIT}\n"), vec![line(1, true), line(2, true)]),
        (&["-"], format!("\n{RUN}\r\n\r\n{BROKEN}"), vec![line(2, true), line(4, false)]),
        (&["-"], RUN.to_owned(), vec![whole(true)]),
        (&["-"], format!("{RUN}\n\n"), vec![whole(true)]),
        (&["-"], RUN.replace(',', ",\n"), vec![whole(true)]),
        (&["-"], format!("{BROKEN}\n{RUN}\n"), vec![whole(false)]),
        (&["--ndjson", "-"], format!("{BROKEN}\n{RUN}\n"), vec![line(1, false), line(2, true)]),
        (&["--ndjson", "-"], RUN.to_owned(), vec![line(1, true)]),
        (&["-"], String::new(), vec![whole(false)]),
        (&["--ndjson", "--vendor", "qase", "-"], RUN.to_owned(), vec![line(1, true)]),
    ] {
        assert_eq!(places(arguments, &input), expected, "{arguments:?} {input}");
    }
    let folder = Folder::new("stream-names");
    for name in ["a.ndjson", "b.JSONL"] {
        let file = folder.write(name, format!("{BROKEN}\n{RUN}\n"));
        assert_eq!(places(&[&file], "").len(), 2, "{name}");
    }
}

#[test]
fn a_folder_stands_for_its_files_in_order() {
    let folder = Folder::new("inspect-folder");
    folder.write("b/2.json", RUN);
    folder.write("b/1.json", AUDIT);
    folder.write("a.json", RUN);
    folder.write("c.ndjson", format!("{RUN}\n{RUN}\n"));
    folder.write(".hidden/x.json", "{");
    folder.write(".hidden.json", "{");
    #[cfg(unix)]
    {
        std::os::unix::fs::symlink(folder.path(""), folder.path("loop")).unwrap();
        // Whoever opens a pipe that nobody writes to waits for ever.
        assert!(std::process::Command::new("mkfifo").arg(folder.path("pipe")).status().unwrap().success());
    }
    let files: Vec<String> = places(&[&folder.path("")], "").into_iter().map(|(file, ..)| file).collect();
    let expected = ["a.json", "b/1.json", "b/2.json", "c.ndjson", "c.ndjson"].map(|name| folder.path(name));
    assert_eq!(files, expected);

    let empty = Folder::new("inspect-empty");
    let outcome = webhooks(&["inspect", &empty.path("")]);
    assert_eq!((outcome.code, outcome.stdout.as_str()), (Some(0), ""));
    assert!(outcome.stderr.contains("nothing to inspect"), "{}", outcome.stderr);
}

#[test]
fn a_hundred_thousand_files_need_no_command_line() {
    let folder = Folder::new("inspect-many");
    for number in 0..5_000 {
        folder.write(&format!("{}/{number}.json", number % 10), RUN);
    }
    let summary = webhooks(&["inspect", "--summary", "--json", &folder.path("")]).line();
    assert_eq!((&summary["payloads"], &summary["decoded"]), (&json!(5_000), &json!(5_000)));
}

#[test]
fn captured_requests_are_taken_as_verify_takes_them() {
    type Qase = qase_webhooks::Webhook;
    let folder = Folder::new("inspect-captured");
    let head = "POST /qase HTTP/1.1\r\ncontent-type: application/json\r\nx-qase-secret: s3cr3t-value\r\n\r\n";
    let file = folder.write("request.http", format!("{head}{RUN}"));
    let outcome = webhooks(&["inspect", "--json", &file]);
    assert_eq!((outcome.code, &outcome.line()["event"]), (Some(0), &json!("run.deleted")));
    assert!(!outcome.stdout.contains("s3cr3t-value"));
    assert_eq!(outcome.line()["key"], Qase::key_of(RUN.as_bytes()).to_string(), "the body alone counts");
    let cut = folder.write("cut.http", "POST /qase HTTP/1.1\r\nhost: x");
    let outcome = webhooks(&["inspect", "--json", &cut]);
    assert_eq!(outcome.code, Some(1));
    assert!(outcome.line()["error"]["message"].as_str().unwrap().contains("request line"));
}

#[test]
fn lines_that_other_commands_wrote_are_their_bodies() {
    let stored = json!({"seq": 1, "vendor": "qase", "event": "run.deleted", "body": RUN}).to_string();
    let encoded = json!({"vendor": "qase", "body_base64": "eyJldmVudF9uYW1lIjoieCJ9"}).to_string();
    let outcome =
        webhooks_with(&["inspect", "--json", "-"], &[], format!("{stored}\n{encoded}\n").as_bytes());
    let lines = outcome.lines();
    assert_eq!((&lines[0]["decoded"], &lines[0]["webhook"]["payload"]["id"]), (&json!(true), &json!(1)));
    assert_eq!((&lines[1]["event"], &lines[1]["vendor"]), (&json!("x"), &json!("qase")));
}

#[test]
fn a_summary_counts_events_drift_and_failures() {
    let folder = Folder::new("inspect-summary");
    let drift =
        r#"{"event_name":"case.created","timestamp":1,"payload":{"id":1,"steps":[{"foo":1},{"foo":2}]}}"#;
    folder.write("a.ndjson", [RUN, RUN, drift, BROKEN, AUDIT, RUN, BROKEN].join("\n"));
    let outcome = webhooks(&["inspect", "--summary", "--json", &folder.path("a.ndjson")]);
    assert_eq!((outcome.code, outcome.stderr.as_str()), (Some(1), ""));
    let summary = outcome.line();
    assert_eq!(summary["payloads"], 7);
    assert_eq!(
        (&summary["decoded"], &summary["failed"], &summary["unread"]),
        (&json!(5), &json!(2), &json!(0))
    );
    assert_eq!(
        summary["events"],
        json!([
            {"vendor": "monitorqa", "event": "brand.new", "listed": false, "payloads": 1, "failed": 0},
            {"vendor": "qase", "event": "case.created", "listed": true, "payloads": 1, "failed": 0},
            {"vendor": "qase", "event": "run.deleted", "listed": true, "payloads": 5, "failed": 2},
        ])
    );
    let steps = summary["drift"].as_array().unwrap().iter().find(|row| row["path"] == "payload.steps[].foo");
    assert_eq!(steps.unwrap()["count"], 2, "{summary}");
    let failure = &summary["failures"][0];
    assert_eq!((&failure["count"], &failure["event"]), (&json!(2), &json!("run.deleted")));
    assert_eq!(failure["first"], format!("{}:4", folder.path("a.ndjson")));

    let people = webhooks(&["inspect", "--summary", &folder.path("a.ndjson")]).stdout;
    for part in [
        "payloads: 7, decoded: 5, not decoded: 2",
        "payload.steps[].foo  unknown field",
        "not listed",
        "(first in ",
    ] {
        assert!(people.contains(part), "{part} is missing in {people}");
    }
    let without =
        webhooks(&["inspect", "--summary", "--no-drift", "--json", &folder.path("a.ndjson")]).line();
    assert_eq!(without["drift"], json!([]));
}

#[test]
fn what_cannot_be_read_is_named_and_ends_with_2() {
    let folder = Folder::new("inspect-unread");
    let good = folder.write("good.json", RUN);
    let missing = folder.path("missing.json");
    let outcome = webhooks(&["inspect", "--json", &good, &missing, &good]);
    assert_eq!(outcome.code, Some(2));
    let lines = outcome.lines();
    assert_eq!(lines.len(), 3);
    assert_eq!(lines[1]["file"], missing.as_str());
    assert!(lines[1]["error"]["message"].as_str().unwrap().starts_with("failed to read: "));
    let summary = webhooks(&["inspect", "--summary", &missing, &good]);
    assert_eq!(summary.code, Some(2));
    assert!(summary.stderr.contains(&format!("{missing}: failed to read")), "{}", summary.stderr);
    assert!(
        summary.stdout.starts_with("payloads: 1, decoded: 1, not decoded: 0, not read: 1"),
        "{}",
        summary.stdout
    );
    assert_eq!(webhooks(&["inspect", "-", "-"]).code, Some(2));
    for jobs in ["0", "1025", "many"] {
        assert_eq!(webhooks(&["inspect", "--jobs", jobs, &good]).code, Some(2));
    }
}

/// Whoever watches a log must not wait for a full chunk.
#[test]
fn lines_of_a_slow_stream_are_printed_as_they_come() {
    let mut child =
        command(&["inspect", "--json", "--ndjson", "-"], &[]).stdin(Stdio::piped()).spawn().unwrap();
    let mut stdin = child.stdin.take().unwrap();
    let mut stdout = child.stdout.take().unwrap();
    for _ in 0..3 {
        writeln!(stdin, "{RUN}").unwrap();
        let mut byte = [0];
        while byte != *b"\n" {
            stdout.read_exact(&mut byte).unwrap();
        }
    }
    drop(stdin);
    assert!(wait(&mut child, Duration::from_secs(20)).success());
}

/// The threads that read and decode may be stuck; the end of the reader of our output ends us.
#[test]
fn it_ends_when_nobody_reads_its_output() {
    let mut child =
        command(&["inspect", "--json", "--ndjson", "-"], &[]).stdin(Stdio::piped()).spawn().unwrap();
    let mut stdin = child.stdin.take().unwrap();
    drop(child.stdout.take());
    let started = Instant::now();
    while child.try_wait().unwrap().is_none() {
        // It may have ended.
        let _ = writeln!(stdin, "{RUN}");
        std::thread::sleep(Duration::from_millis(10));
        assert!(started.elapsed() < Duration::from_secs(20));
    }
    assert_eq!(child.wait().unwrap().code(), Some(0));
}

#[test]
fn memory_does_not_grow_with_the_stream() {
    let line = format!("{}\n", deepsource_webhooks::Webhook::samples()[0].body().replace('\n', " "));
    let peak = |bytes: usize| {
        let mut child = command(&["inspect", "--json", "-"], &[]).stdin(Stdio::piped()).spawn().unwrap();
        let mut stdin = child.stdin.take().unwrap();
        let mut stdout = child.stdout.take().unwrap();
        let reader = std::thread::spawn(move || std::io::copy(&mut stdout, &mut std::io::sink()).unwrap());
        for _ in 0..bytes / line.len() {
            stdin.write_all(line.as_bytes()).unwrap();
        }
        let status = std::fs::read_to_string(format!("/proc/{}/status", child.id())).unwrap();
        drop(stdin);
        assert!(wait(&mut child, Duration::from_secs(60)).success());
        assert!(reader.join().unwrap() > bytes as u64 / 2);
        let peak = status.lines().find_map(|line| line.strip_prefix("VmHWM:")).unwrap().to_owned();
        peak.trim().trim_end_matches(" kB").parse::<u64>().unwrap()
    };
    let (short, long) = (peak(8_000_000), peak(40_000_000));
    assert!(long < short * 3 / 2 + 8_000, "{short} kB for 8 MB, {long} kB for 40 MB");
}

/// A line that is longer than what is held is reported and skipped; what follows it counts.
#[test]
fn a_line_without_an_end_costs_no_more_than_its_limit() {
    let folder = Folder::new("inspect-long-line");
    let mut text = format!("{RUN}\n{{\"event_name\":\"").into_bytes();
    text.resize(text.len() + (70 << 20), b'x');
    text.extend_from_slice(format!("\"}}\n{RUN}\n").as_bytes());
    let file = folder.write("long.ndjson", text);
    let outcome = webhooks(&["inspect", "--json", &file]);
    assert_eq!(outcome.code, Some(2));
    let lines = outcome.lines();
    let told: Vec<_> =
        lines.iter().map(|line| (line["line"].as_u64().unwrap(), line["decoded"] == true)).collect();
    assert_eq!(told, [(1, true), (2, false), (3, true)]);
    assert!(lines[1]["error"]["message"].as_str().unwrap().contains("longer than 64 MiB"));
}

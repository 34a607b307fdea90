//! `webhooks inspect`: a payload in hand, whatever it is.

use std::fmt::Write as _;
use std::fs;
use std::path::{Path, PathBuf};

use chrono::{DateTime, Utc};
use serde_json::Value;

use crate::process::{Outcome, webhooks, webhooks_with};

/// The keys of a line, in the order in which they are printed.
const KEYS: [&str; 12] = [
    "file",
    "vendor",
    "event",
    "listed",
    "decoded",
    "occurred_at",
    "account",
    "delivery_id",
    "key",
    "drift",
    "error",
    "webhook",
];

fn fixtures() -> Vec<PathBuf> {
    let mut found = Vec::new();
    let mut folders = vec![Path::new(env!("CARGO_MANIFEST_DIR")).join("../../fixtures")];
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()) {
            if entry.is_dir() { folders.push(entry) } else { found.push(entry) }
        }
    }
    found.sort();
    found
}

fn inspect(input: &[u8], arguments: &[&str]) -> Outcome {
    let outcome = webhooks_with(&[&["inspect"], arguments, &["-"]].concat(), &[], input);
    assert!(!outcome.stderr.contains("panicked"), "{}", outcome.stderr);
    outcome
}

#[test]
fn every_payload_of_the_vendors_pages_is_known_to_the_last_key() {
    let files = fixtures();
    let pages =
        files.iter().filter(|file| file.file_stem().unwrap().to_str().unwrap().starts_with("vendor_page"));
    let pages: Vec<&str> = pages.map(|file| file.to_str().unwrap()).collect();
    assert!(pages.len() >= 18, "{pages:?}");
    let outcome = webhooks(&[&["inspect", "--json"], &pages[..]].concat());
    assert_eq!((outcome.code, outcome.stderr.as_str()), (Some(0), ""));
    let lines = outcome.lines();
    assert_eq!(lines.len(), pages.len());
    for (line, file) in lines.iter().zip(pages) {
        assert_eq!(line["file"], file);
        assert_eq!((&line["decoded"], &line["listed"]), (&true.into(), &true.into()), "{file}");
        assert_eq!(line["drift"], Value::Array(Vec::new()), "{file}");
        let input: Value = serde_json::from_slice(&fs::read(file).unwrap()).unwrap();
        let mut lost = String::new();
        compare(&input, &line["webhook"], "", &mut lost);
        assert_eq!(lost, "", "{file}");
    }
}

/// Notes every key of the input that is missing or has another value.
fn compare(input: &Value, output: &Value, path: &str, lost: &mut String) {
    match (input, output) {
        (Value::Object(input), Value::Object(output)) => {
            for (key, value) in input {
                match output.get(key) {
                    Some(found) => compare(value, found, &format!("{path}.{key}"), lost),
                    None => writeln!(lost, "{path}.{key} is missing").unwrap(),
                }
            }
        }
        (Value::Array(input), Value::Array(output)) if input.len() == output.len() => {
            for (index, (input, output)) in input.iter().zip(output).enumerate() {
                compare(input, output, &format!("{path}[{index}]"), lost);
            }
        }
        _ if input == output || same_time(input, output) => {}
        _ => writeln!(lost, "{path} was {input} and is {output}").unwrap(),
    }
}

/// A point in time may be written with another offset.
fn same_time(input: &Value, output: &Value) -> bool {
    let time = |value: &Value| value.as_str().and_then(|text| text.parse::<DateTime<Utc>>().ok());
    time(input).is_some() && time(input) == time(output)
}

#[test]
fn every_fixture_has_one_line_with_the_documented_keys() {
    let files = fixtures();
    let files: Vec<&str> = files.iter().map(|file| file.to_str().unwrap()).collect();
    let outcome = webhooks(&[&["inspect", "--json"], &files[..]].concat());
    assert_eq!(outcome.code, Some(1), "some are refused");
    let lines: Vec<&str> = outcome.stdout.lines().collect();
    assert_eq!(lines.len(), files.len());
    for (text, file) in lines.iter().zip(files) {
        let line: Value = serde_json::from_str(text).unwrap();
        let keys: Vec<&str> = line.as_object().unwrap().keys().map(String::as_str).collect();
        let mut sorted = KEYS;
        sorted.sort_unstable();
        assert_eq!(keys, sorted);
        let mut rest = *text;
        for key in KEYS {
            let at =
                rest.find(&format!("\"{key}\":")).unwrap_or_else(|| panic!("{key} is out of order: {text}"));
            rest = &rest[at..];
        }
        let vendor = file.rsplit('/').nth(2).unwrap();
        assert_eq!(
            (&line["file"], &line["vendor"]),
            (&file.into(), &vendor.into()),
            "detected from its envelope"
        );
        let refused = file.rsplit('/').next().unwrap().starts_with("refused");
        assert_eq!(line["decoded"], !refused, "{file}");
        assert_eq!(line["error"].is_null(), !refused, "{file}");
        assert_eq!(line["webhook"].is_null(), refused, "{file}");
        if refused {
            assert!(line["error"]["path"].is_string() && line["error"]["message"].is_string(), "{file}");
        }
        for finding in line["drift"].as_array().unwrap() {
            assert!(finding["path"].as_str().is_some_and(|path| !path.is_empty()), "{file}");
            assert!(finding["kind"].is_string(), "{file}");
        }
    }
}

#[test]
fn drift_is_told_by_path_and_kind() {
    let body =
        br#"{"event_name":"case.created","timestamp":1,"payload":{"id":1,"steps":[{"foo":1}]},"bar":2}"#;
    let line = inspect(body, &["--json"]).line();
    let drift: Vec<(&str, &str)> = line["drift"]
        .as_array()
        .unwrap()
        .iter()
        .map(|finding| (finding["path"].as_str().unwrap(), finding["kind"].as_str().unwrap()))
        .collect();
    assert!(drift.contains(&("payload.steps[0].foo", "unknown_field")), "{drift:?}");
    assert!(drift.contains(&("bar", "unknown_field")), "{drift:?}");
    let unlisted = br#"{"event_name":"brand.new","timestamp":1,"payload":{"a":1}}"#;
    let line = inspect(unlisted, &["--json"]).line();
    assert_eq!((&line["listed"], &line["decoded"]), (&false.into(), &true.into()));
    assert_eq!(line["drift"][0]["path"], "event_name");
    assert_eq!(line["drift"][0]["kind"], "unlisted_value");
    assert_eq!(line["webhook"]["payload"], serde_json::json!({"a": 1}));
}

#[test]
fn whatever_the_input_is_it_is_answered() {
    let brackets = |open: &str, close: &str, times: usize| [open.repeat(times), close.repeat(times)].concat();
    // The worst comes in full, the others large enough to show a cost that grows faster than the input.
    let most = 20_000_000;
    let many = most / 10;
    let page =
        fs::read(fixtures().iter().find(|file| file.ends_with("defect.created/vendor_page.json")).unwrap());
    let page = page.unwrap();
    let in_payload =
        |value: &str| format!(r#"{{"event_name":"case.created","timestamp":1,"payload":{value}}}"#);
    let deep = brackets("[", "]", many / 2);
    let inputs: Vec<(&str, Vec<u8>)> = vec![
        ("empty", Vec::new()),
        ("blank", b" \n\t ".to_vec()),
        ("truncated", page[..page.len() / 2].to_vec()),
        ("brackets", "[".repeat(most).into_bytes()),
        ("closed brackets", deep.clone().into_bytes()),
        ("closed brackets in full", brackets("[", "]", most / 2).into_bytes()),
        ("braces", r#"{"a":"#.repeat(many / 5).into_bytes()),
        ("closing brackets", "]".repeat(many).into_bytes()),
        ("brackets in a payload", in_payload(&deep).into_bytes()),
        ("brackets in a field", in_payload(&format!(r#"{{"id":1,"steps":{deep}}}"#)).into_bytes()),
        ("brackets in a new field", in_payload(&format!(r#"{{"id":1,"brand_new":{deep}}}"#)).into_bytes()),
        (
            "brackets before the name",
            format!(r#"{{"payload":{deep},"event_name":"case.created"}}"#).into_bytes(),
        ),
        (
            "a long list",
            in_payload(&format!(r#"{{"id":1,"steps":[{}0]}}"#, "0,".repeat(many / 2))).into_bytes(),
        ),
        ("many new keys", in_payload(&format!("{{{}\"id\":1}}", many_keys(100_000))).into_bytes()),
        ("one long key", format!(r#"{{"{}":1}}"#, "k".repeat(many)).into_bytes()),
        ("one long name", format!(r#"{{"event_name":"{}"}}"#, "k".repeat(many)).into_bytes()),
        ("invalid UTF-8", b"{\"event_name\":\"run.deleted\xff\",\"payload\":{\"id\":1}}".to_vec()),
        ("a byte order mark", b"\xef\xbb\xbf{\"event_name\":\"run.deleted\"}".to_vec()),
        ("zero bytes", vec![0; 1_000_000]),
        ("a number", b"12".to_vec()),
        ("a text", b"\"run.deleted\"".to_vec()),
        ("null", b"null".to_vec()),
        ("a list", b"[]".to_vec()),
        ("an empty object", b"{}".to_vec()),
        (
            "a name twice",
            br#"{"event_name":"run.deleted","event_name":"run.deleted","payload":{"id":1}}"#.to_vec(),
        ),
        (
            "a payload twice",
            br#"{"event_name":"run.deleted","payload":{"id":1},"payload":{"id":2}}"#.to_vec(),
        ),
    ];
    for (what, input) in inputs {
        for arguments in [&["--json"][..], &["--json", "--vendor", "qase"], &[]] {
            let outcome = inspect(&input, arguments);
            let start: String = outcome.stdout.chars().take(300).collect();
            assert!(matches!(outcome.code, Some(0 | 1)), "{what} {arguments:?}: {:?} {start}", outcome.code);
            if arguments.contains(&"--json") {
                let line = outcome.line();
                assert_eq!(line["decoded"] == true, outcome.code == Some(0), "{what}: {start}");
                assert_eq!(line["error"].is_null(), line["decoded"] == true, "{what}: {start}");
            }
        }
    }
}

fn many_keys(count: usize) -> String {
    (0..count).fold(String::new(), |mut text, number| {
        write!(text, "\"k{number}\":{number},").unwrap();
        text
    })
}

#[test]
fn a_key_that_comes_twice_is_told_and_never_silent() {
    for body in [
        &br#"{"event_name":"run.deleted","event_name":"run.started","timestamp":1,"payload":{"id":1}}"#[..],
        br#"{"event_name":"run.deleted","timestamp":1,"payload":{"id":1},"payload":{"id":2}}"#,
        br#"{"event_name":"run.deleted","timestamp":1,"payload":{"id":1,"id":2}}"#,
    ] {
        let outcome = inspect(body, &["--json"]);
        assert_eq!(outcome.code, Some(0), "{}", outcome.stdout);
        assert_eq!(outcome.line()["event"], "run.deleted");
        assert_eq!(outcome.line()["drift"][0]["kind"], "repeated_key", "{}", outcome.stdout);
    }
}

#[test]
fn the_exit_status_tells_whether_all_decoded() {
    let good = br#"{"event_name":"run.deleted","timestamp":1,"payload":{"id":1}}"#;
    assert_eq!(inspect(good, &[]).code, Some(0));
    assert_eq!(inspect(good, &["--vendor", "qase"]).code, Some(0));
    assert_eq!(inspect(good, &["--vendor", "deepsource"]).code, Some(1));
    assert_eq!(inspect(b"{", &[]).code, Some(1));
    let files = fixtures();
    let page = files
        .iter()
        .find(|file| file.ends_with("defect.created/vendor_page.json"))
        .unwrap()
        .to_str()
        .unwrap();
    assert_eq!(webhooks(&["inspect", page, page]).code, Some(0));
    let missing = webhooks(&["inspect", "--json", page, "/nowhere/at/all", page]);
    assert_eq!(missing.code, Some(2));
    assert_eq!(missing.lines().len(), 3, "the others are told all the same");
    assert_eq!(webhooks(&["inspect"]).code, Some(2));
    assert_eq!(webhooks(&["inspect", "--vendor", "nobody", page]).code, Some(2));
    assert_eq!(webhooks(&["inspect", "--nonsense", page]).code, Some(2));
}

#[test]
fn for_people_it_names_the_path_of_a_failure_and_cannot_be_made_to_move_the_cursor() {
    let outcome =
        inspect(br#"{"event_name":"run.deleted","timestamp":1,"payload":{"id":"x\u001b[2J"}}"#, &[]);
    assert_eq!(outcome.code, Some(1));
    assert!(
        outcome.stdout.contains("run.deleted") && outcome.stdout.contains("payload.id"),
        "{}",
        outcome.stdout
    );
    let hostile = br#"{"event_name":"a\u001b[2J\u0007b","timestamp":1,"payload":{"k\u001b]0;x":"v\u001b[2J"},"n\u001bk":1}"#;
    for body in
        [&hostile[..], br#"{"event_name":"run.deleted","timestamp":1,"payload":{"id":1,"a\u001b[2J":1}}"#]
    {
        for arguments in [&[][..], &["--json"]] {
            let outcome = inspect(body, arguments);
            assert!(
                !outcome.stdout.contains(|letter: char| letter.is_control() && letter != '\n'),
                "{:?}",
                outcome.stdout
            );
        }
    }
}

//! Standard output as programs and shells treat it: closed, full, shared, cut off.

use std::fs::File;
use std::io::{BufRead as _, BufReader, Read as _, Write as _};
use std::process::{Command, Stdio};
use std::time::Duration;

use serde_json::{Value, json};

use crate::folder::Folder;
use crate::process::{command, wait, webhooks, webhooks_with};

const RUN: &str = r#"{"event_name":"run.deleted","timestamp":1,"payload":{"id":1}}"#;

/// The commands that print something, whatever is configured.
const PRINTING: [&[&str]; 6] = [
    &["events"],
    &["events", "--json"],
    &["sample", "qase", "run.completed"],
    &["sample", "--list"],
    &["completions", "bash"],
    &["send", "qase", "run.completed", "--secret", "a-secret-of-a-test", "--print"],
];

#[test]
#[cfg(target_os = "linux")]
fn a_full_disk_is_named_and_ends_with_2() {
    for arguments in PRINTING {
        let full = File::options().write(true).open("/dev/full").unwrap();
        let mut child = command(arguments, &[]).stdout(full).spawn().unwrap();
        let mut stderr = String::new();
        child.stderr.take().unwrap().read_to_string(&mut stderr).unwrap();
        let status = wait(&mut child, Duration::from_secs(20));
        assert_eq!(status.code(), Some(2), "{arguments:?}: {stderr}");
        assert!(
            stderr.contains("failed to write to standard output: No space left"),
            "{arguments:?}: {stderr}"
        );
    }
}

/// Another program, such as a shell or Node.js, may have set the flag on a pipe that it shares.
#[test]
#[cfg(unix)]
fn a_pipe_that_does_not_block_loses_nothing() {
    let lines = format!("{RUN}\n").repeat(2_000);
    let arguments = ["inspect", "--json", "-"];
    let expected = webhooks_with(&arguments, &[], lines.as_bytes());
    assert!(expected.stdout.len() > 200_000, "more than a pipe holds");
    let (mut reader, writer) = std::io::pipe().unwrap();
    rustix::fs::fcntl_setfl(&writer, rustix::fs::OFlags::NONBLOCK).unwrap();
    let mut command = command(&arguments, &[]);
    let mut child = command.stdin(Stdio::piped()).stdout(writer).spawn().unwrap();
    // It has a copy of the end that is written to.
    drop(command);
    let mut stdin = child.stdin.take().unwrap();
    let input = std::thread::spawn(move || stdin.write_all(lines.as_bytes()));
    let (mut read, mut piece) = (Vec::new(), [0; 4_096]);
    loop {
        std::thread::sleep(Duration::from_millis(2));
        match reader.read(&mut piece).unwrap() {
            0 => break,
            count => read.extend_from_slice(&piece[..count]),
        }
    }
    input.join().unwrap().unwrap();
    let mut stderr = String::new();
    child.stderr.take().unwrap().read_to_string(&mut stderr).unwrap();
    assert_eq!((wait(&mut child, Duration::from_secs(20)).code(), stderr.as_str()), (expected.code, ""));
    assert!(read == expected.stdout.as_bytes(), "{} of {} bytes", read.len(), expected.stdout.len());
}

#[test]
fn a_reader_that_has_seen_enough_is_no_failure() {
    for arguments in PRINTING {
        let mut child = command(arguments, &[]).spawn().unwrap();
        drop(child.stdout.take());
        let mut stderr = String::new();
        child.stderr.take().unwrap().read_to_string(&mut stderr).unwrap();
        let status = wait(&mut child, Duration::from_secs(20));
        assert_eq!((status.code(), stderr.as_str()), (Some(0), ""), "{arguments:?}");
    }
}

#[test]
#[cfg(unix)]
fn closed_standard_streams_are_no_panic() {
    let binary = env!("CARGO_BIN_EXE_webhooks");
    let folder = Folder::new("closed-streams");
    let file = folder.write("run.json", RUN);
    for redirection in ["<&-", ">&-", "2>&-", "<&- >&- 2>&-"] {
        let script = format!("{binary} inspect --json {file} {redirection}");
        let outcome = Command::new("sh").args(["-c", &script]).output().unwrap();
        assert_eq!(
            outcome.status.code(),
            Some(0),
            "{redirection}: {}",
            String::from_utf8_lossy(&outcome.stderr)
        );
    }
    let nothing =
        Command::new("sh").args(["-c", &format!("{binary} inspect --json - <&-")]).output().unwrap();
    assert_eq!(nothing.status.code(), Some(1), "an empty payload does not decode");
}

#[test]
#[cfg(unix)]
fn the_first_line_is_enough_for_head() {
    let binary = env!("CARGO_BIN_EXE_webhooks");
    let folder = Folder::new("head");
    let file = folder.write("many.ndjson", format!("{RUN}\n").repeat(200_000));
    let script = format!("{binary} inspect --json {file} | head -1");
    let outcome = Command::new("sh").args(["-c", &script]).output().unwrap();
    assert_eq!(String::from_utf8_lossy(&outcome.stdout).lines().count(), 1);
    assert!(outcome.stderr.is_empty(), "{}", String::from_utf8_lossy(&outcome.stderr));
}

/// Lines that are longer than what a pipe takes in one piece, with a reader that is slower than the writers.
#[test]
#[cfg(target_os = "linux")]
fn lines_of_several_processes_on_one_pipe_never_mix() {
    let folder = Folder::new("one-pipe");
    let long = |name: &str| {
        let payload =
            format!(r#"{{"event_name":"{name}","timestamp":1,"payload":{{"text":"{}"}}}}"#, name.repeat(900));
        folder.write(&format!("{name}.ndjson"), format!("{payload}\n").repeat(2_000))
    };
    let files = ["long.a", "long.b", "long.c"].map(long);
    let binary = env!("CARGO_BIN_EXE_webhooks");
    let one = |file: &String| format!("{binary} inspect --json --no-drift {file} & ");
    let script = files.iter().map(one).collect::<String>() + "wait";
    let mut shell = Command::new("sh").args(["-c", &script]).stdout(Stdio::piped()).spawn().unwrap();
    let mut count = 0;
    for line in BufReader::with_capacity(512, shell.stdout.take().unwrap()).lines() {
        let line: Value = serde_json::from_str(&line.unwrap()).expect("a line of one process alone");
        assert_eq!(line["decoded"], true);
        count += 1;
    }
    assert!(shell.wait().unwrap().success());
    assert_eq!(count, 6_000);
}

#[test]
fn json_is_never_coloured_or_filtered_and_safe_on_a_terminal() {
    let hostile = "\u{7f}\u{9b}2J\u{202e}\u{2066}\u{2028}\u{1b}[31m";
    let body =
        json!({"event_name": "brand.new", "timestamp": 1, "payload": {"text": hostile, hostile: [hostile]}});
    for color in ["auto", "always", "never"] {
        let outcome =
            webhooks_with(&["--color", color, "inspect", "--json", "-"], &[], body.to_string().as_bytes());
        assert_eq!(outcome.line()["webhook"]["payload"], body["payload"], "nothing is lost");
        let unsafe_letter = |letter: char| {
            letter != '\n' && letter.is_control()
                || ('\u{2028}'..='\u{202e}').contains(&letter)
                || letter == '\u{2066}'
        };
        assert!(!outcome.stdout.contains(unsafe_letter), "{:?}", outcome.stdout);
    }
    let people = webhooks_with(&["inspect", "-"], &[], body.to_string().as_bytes()).stdout;
    assert!(
        !people.contains(['\u{7f}', '\u{9b}', '\u{202e}', '\u{2066}', '\u{2028}', '\u{1b}']),
        "{people:?}"
    );
}

#[test]
fn what_is_too_deep_for_readers_is_kept_as_text() {
    for depth in [50, 100, 1_000, 100_000] {
        let deep = format!("{}1{}", "[".repeat(depth), "]".repeat(depth));
        let body = format!(r#"{{"event_name":"brand.new","timestamp":1,"payload":{deep}}}"#);
        let outcome = webhooks_with(&["inspect", "--json", "-"], &[], body.as_bytes());
        let line = outcome.line();
        let mut value = &line["webhook"]["payload"];
        let mut levels = 0;
        while let Value::Array(list) = value {
            (value, levels) = (&list[0], levels + 1);
        }
        match value.as_str() {
            None => assert_eq!((levels, value), (depth, &json!(1))),
            Some(text) => assert_eq!(format!("{}{text}{}", "[".repeat(levels), "]".repeat(levels)), deep),
        }
        assert!(levels < 64, "{levels}");
    }
}

#[test]
fn colours_are_for_terminals_unless_told_otherwise() {
    let colored = |arguments: &[&str], environment: &[(&str, &str)]| {
        let outcome = webhooks_with(arguments, environment, RUN.as_bytes());
        assert_eq!(outcome.code, Some(0), "{}", outcome.stderr);
        outcome.stdout.contains('\u{1b}')
    };
    assert!(!colored(&["inspect", "-"], &[]), "a pipe is no terminal");
    assert!(colored(&["inspect", "--color", "always", "-"], &[]));
    assert!(colored(&["--color=always", "events"], &[]));
    assert!(!colored(&["--color=never", "events"], &[("CLICOLOR_FORCE", "1")]));
    assert_eq!(webhooks(&["--color", "sometimes", "events"]).code, Some(2));
}

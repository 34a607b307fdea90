//! `--check`, and what is reported about a configuration that is not valid.

use std::fs;

use super::Place;
use crate::process::{webhooks, webhooks_with};

const SECRET: (&str, &str) = ("CRM_SECRET", "whsec_C2FVsBQIhrscChlQIMV+b5sSYspob7oD");

/// Checks a configuration; the exit status and standard error.
fn check(place: &Place, text: &str) -> (Option<i32>, String) {
    let config = place.configure(text);
    let outcome = webhooks_with(
        &["run", "--inbox", &place.url(), "--config", &config, "--check"],
        &[SECRET, ("SHORT", "whsec_aHVudGVyMg=="), ("CHAT", "https://hooks.example.com/T/B/hunter2")],
        b"",
    );
    (outcome.code, outcome.stdout + &outcome.stderr)
}

#[test]
fn a_sound_configuration_is_listed_and_nothing_is_opened() {
    let place = Place::new("check");
    let script = place.script("ticket.sh", "exit 0");
    fs::write(place.path("secret"), "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw\n").unwrap();
    let (code, text) = check(
        &place,
        &format!(
            r#"
            [sink.crm]
            type = "http"
            url = "https://crm.example.com/webhooks"
            secret_env = "CRM_SECRET"
            events = ["run.*", "defect.created"]
            concurrency = 4
            max_attempts = 20
            retry_first = "5s"
            retry_max = "10m"
            from = "now"
            format = "cloudevents"
            mode = "binary"
            timeout = "20s"
            connect_timeout = "500ms"

            [sink.rotating]
            type = "http"
            url_env = "CHAT"
            secret_file = ["FOLDER/secret", "FOLDER/secret"]

            [sink.tickets]
            type = "exec"
            command = ["{script}", "--queue", "qa"]
            environment = ["CRM_SECRET"]
            directory = "FOLDER"

            [sink.chat]
            type = "slack"
            url_env = "CHAT"

            [sink.archive]
            type = "file"
            path = "FOLDER/all.ndjson"
            max_bytes = 100_000_000
            "#
        ),
    );
    assert_eq!(code, Some(0), "{text}");
    let lines: Vec<&str> = text.lines().collect();
    assert!(lines.contains(&"crm: http, signed for run.*, defect.created"), "{text}");
    assert!(lines.contains(&"chat: slack for all events"), "{text}");
    assert_eq!(lines.len(), 5, "{text}");
    assert!(!text.contains("hunter2"));
    assert!(!place.path("inbox.db").exists() && !place.path("all.ndjson").exists());
}

#[test]
fn what_is_wrong_is_named_by_line_and_key_and_never_by_value() {
    let place = Place::new("wrong");
    for (text, expected) in [
        ("[sink.a\n", "webhooks.toml:1: "),
        ("", "it contains no sink; add a table"),
        ("sinks = 1", "webhooks.toml:1: sinks: a configuration has no such key; did you mean `sink`?"),
        (
            "[sink.a]\nurl = 1",
            "webhooks.toml:1: sink.a: type is missing: one of http, exec, slack, nats, file",
        ),
        (
            "[sink.a]\ntype = \"htp\"",
            "webhooks.toml:2: sink.a.type: must be one of http, exec, slack, nats, file; did you mean `http`?",
        ),
        (
            "[sink.a]\ntype = \"http\"\nurl = \"https://x.example\"",
            "webhooks.toml:1: sink.a: secret_env or secret_file is missing",
        ),
        (
            "[sink.a]\ntype = \"http\"\n\nurl = \"ftp://hunter2\"\nunsigned = true",
            "webhooks.toml:4: sink.a.url: the URL must begin with http:// or https://",
        ),
        (
            "[sink.a]\ntype = \"http\"\nurl = \"https://me:hunter2@x.example\"\nunsigned = true",
            "webhooks.toml:3: sink.a.url: the URL has a user name or a password in it",
        ),
        (
            "[sink.a]\ntype = \"http\"\nurl = \"https://x.example\"\nsecret = \"hunter2\"\nunsigned = true",
            "webhooks.toml:4: sink.a.secret: a sink of this type has no such key",
        ),
        (
            "[sink.a]\ntype = \"http\"\nurl = \"https://x.example\"\nsecret_env = \"NO_SUCH\"",
            "webhooks.toml:4: sink.a.secret_env: the variable NO_SUCH is not set, or is empty",
        ),
        (
            "[sink.a]\ntype = \"http\"\nurl = \"https://x.example\"\nsecret_env = \"SHORT\"",
            "webhooks.toml:4: sink.a.secret_env: a signing secret is",
        ),
        (
            "[sink.a]\ntype = \"http\"\nurl = \"https://x.example\"\nsecret_file = \"FOLDER/none\"",
            "webhooks.toml:4: sink.a.secret_file: failed to read",
        ),
        (
            "[sink.a]\ntype = \"http\"\nurl = \"https://x.example\"\nunsigned = true\nmode = \"binary\"",
            "mode requires format",
        ),
        (
            "[sink.a]\ntype = \"http\"\nurl = \"https://x.example\"\nunsigned = true\ntimout = \"1s\"",
            "webhooks.toml:5: sink.a.timout: a sink of this type has no such key; did you mean `timeout`?",
        ),
        (
            "[sink.a]\ntype = \"http\"\nurl = \"https://x.example\"\nunsigned = true\ntimeout = \"0s\"",
            "webhooks.toml:5: sink.a.timeout: must be longer than zero",
        ),
        (
            "[sink.a]\ntype = \"http\"\nurl = \"https://x.example\"\nunsigned = \"hunter2\"",
            "webhooks.toml:4: sink.a.unsigned: expected true or false, found a text",
        ),
        (
            "[sink.a]\ntype = \"slack\"\nurl = \"https://hooks.example.com/hunter2\"",
            "webhooks.toml:3: sink.a.url: a sink of this type has no such key",
        ),
        (
            "[sink.a]\ntype = \"exec\"\ncommand = [\"no-such-program-anywhere\"]",
            "webhooks.toml:3: sink.a.command: there is no program of this name",
        ),
        ("[sink.a]\ntype = \"exec\"", "command is missing"),
        ("[sink.a]\ntype = \"file\"\npath = \"/no/such/folder/x\"", "there is no folder /no/such/folder"),
        (
            "[sink.a]\ntype = \"file\"\npath = \"x\"\nmax_bytes = -1",
            "webhooks.toml:4: sink.a.max_bytes: must be at least 1",
        ),
        (
            "[sink.a]\ntype = \"file\"\npath = \"x\"\nconcurrency = 0",
            "webhooks.toml:4: sink.a.concurrency: must be at least 1",
        ),
        ("[sink.a]\ntype = \"file\"\npath = \"x\"\n[sink.a]\ntype = \"file\"", "webhooks.toml:4: "),
    ] {
        assert_wrong(&place, text, expected);
    }
}

/// The configuration is refused with this message, which does not contain what may be a secret.
fn assert_wrong(place: &Place, text: &str, expected: &str) {
    let (code, stderr) = check(place, text);
    assert_eq!(code, Some(2), "{text}: {stderr}");
    assert!(stderr.contains(expected), "{text}: {expected} is not in {stderr}");
    assert!(!stderr.contains("hunter2"), "{stderr}");
}

#[test]
fn values_that_cannot_work_are_wrong() {
    let place = Place::new("cannot-work");
    for (text, expected) in [
        (
            "[sink.a]\ntype = \"file\"\npath = \"x\"\nmax_attempts = 4294967296",
            "webhooks.toml:4: sink.a.max_attempts: must be at most 4294967295",
        ),
        (
            "[sink.a]\ntype = \"file\"\npath = \"x\"\nconcurrency = 5000",
            "webhooks.toml:4: sink.a.concurrency: must be at most 1024",
        ),
        (
            "[sink.a]\ntype = \"file\"\npath = \"FOLDER\"",
            "webhooks.toml:3: sink.a.path: is a folder; a file is needed",
        ),
        (
            "[sink.a]\ntype = \"file\"\npath = \"new/\"",
            "webhooks.toml:3: sink.a.path: is a folder; a file is needed",
        ),
        (
            "[sink.a]\ntype = \"file\"\npath = \"FOLDER/x\"\n[sink.b]\ntype = \"file\"\npath = \"FOLDER/./x\"",
            "webhooks.toml:4: sink.b: its file is also that of sink.a",
        ),
        (
            "[sink.a]\ntype = \"exec\"\ncommand = [\"true\"]\nenvironment = [\"TOKEN=hunter2\"]",
            "webhooks.toml:4: sink.a.environment: expected the names of variables",
        ),
        (
            "[sink.a]\ntype = \"exec\"\ncommand = [\"true\"]\nenvironment = [\"hunter2\\u0000\"]",
            "webhooks.toml:4: sink.a.environment: expected the names of variables",
        ),
        (
            "[sink.a]\ntype = \"exec\"\ncommand = [\"true\"]\ntimeout = \"721h\"",
            "webhooks.toml:4: sink.a.timeout: is longer than 30 days",
        ),
        (
            "[sink.a]\ntype = \"file\"\npath = \"x\"\nretry_first = \"2h\"",
            "webhooks.toml:1: sink.a: retry_first, 7200s, is longer than retry_max, 3600s",
        ),
        (
            "[sink.a]\ntype = \"http\"\nurl = \"https://x.example\"\nunsigned = true\nconnect_timeout = \"31s\"",
            "webhooks.toml:1: sink.a: connect_timeout, 31s, is longer than timeout, 30s",
        ),
    ] {
        assert_wrong(&place, text, expected);
    }
}

/// With a length of its own, the payload would be cut, and the delivery recorded as done.
#[test]
fn a_header_that_the_sink_sets_itself_is_refused() {
    let place = Place::new("own-headers");
    let sink = |header: &str, more: &str| {
        format!(
            "[sink.a]\ntype = \"http\"\nurl = \"https://x.example\"\nunsigned = true\n\
             headers_env = [\"{header}=CRM_SECRET\"]\n{more}"
        )
    };
    for header in [
        "content-length",
        "Transfer-Encoding",
        "host",
        "connection",
        "te",
        "trailer",
        "upgrade",
        "expect",
        "content-type",
        "User-Agent",
        "webhook-id",
        "webhooks-key",
        "ce-id",
    ] {
        for more in ["", "format = \"cloudevents\"\nmode = \"binary\""] {
            let (code, stderr) = check(&place, &sink(header, more));
            assert_eq!(code, Some(2), "{header}: {stderr}");
            let expected = format!(
                "webhooks.toml:5: sink.a.headers_env: the header {} is set by the sink itself",
                header.to_lowercase()
            );
            assert!(stderr.contains(&expected) && !stderr.contains(SECRET.1), "{header}: {stderr}");
        }
    }
    for header in ["authorization", "x-webhook-id"] {
        let (code, stderr) = check(&place, &sink(header, ""));
        assert_eq!(code, Some(0), "{header}: {stderr}");
    }
}

#[test]
fn everything_that_is_wrong_is_said_at_once() {
    let place = Place::new("all-wrong");
    let (code, stderr) =
        check(&place, "[sink.a]\ntype = \"file\"\nconcurrency = \"x\"\n[sink.b]\ntype = \"slack\"\nx = 1\n");
    assert_eq!(code, Some(2));
    for expected in
        [":3: sink.a.concurrency", ":1: sink.a: path", ":4: sink.b: url_env or url_file", ":6: sink.b.x"]
    {
        assert!(stderr.contains(expected), "{expected}: {stderr}");
    }
}

#[test]
fn a_variable_that_is_not_set_is_a_warning() {
    let place = Place::new("unset");
    let text = "[sink.a]\ntype = \"exec\"\ncommand = [\"true\"]\nenvironment = [\"CRM_SECRET\", \"NO_SUCH\"]";
    let (code, stderr) = check(&place, text);
    assert_eq!(code, Some(0), "{stderr}");
    assert!(stderr.contains(":4: sink.a.environment: the variable NO_SUCH is not set"), "{stderr}");
    assert!(!stderr.contains("CRM_SECRET"), "{stderr}");
    // A time limit that is shorter than the default one for a connection is not a contradiction.
    let text = "[sink.a]\ntype = \"http\"\nurl = \"https://x.example\"\nunsigned = true\ntimeout = \"5s\"";
    assert_eq!(check(&place, text).0, Some(0));
}

#[test]
fn an_event_that_nobody_lists_is_a_warning() {
    let place = Place::new("slip");
    let (code, stderr) =
        check(&place, "[sink.a]\ntype = \"file\"\npath = \"x\"\nevents = [\"run.complted\", \"any.*\"]\n");
    assert_eq!(code, Some(0));
    assert!(
        stderr.contains(
            ":4: sink.a.events: no vendor lists the event run.complted; did you mean `run.completed`?"
        ),
        "{stderr}"
    );
    assert!(!stderr.contains("lists the event any"), "{stderr}");
}

#[test]
fn without_a_sink_or_an_inbox_nothing_starts() {
    let place = Place::new("nothing");
    assert_eq!(webhooks(&["run", "--inbox", &place.url()]).code, Some(2));
    let outcome = webhooks(&["run", "--inbox", &place.url(), "--file", "x"]);
    assert_eq!(outcome.code, Some(2));
    assert!(outcome.stderr.contains("there is no inbox at"), "{}", outcome.stderr);
    assert!(!place.path("inbox.db").exists());
    let two = webhooks(&["run", "--inbox", &place.url(), "--file", "x", "--http", "https://x.example"]);
    assert_eq!(two.code, Some(2));
    let gone = webhooks(&["run", "--inbox", &place.url(), "--config", "/no/such/file"]);
    assert!(gone.stderr.contains("failed to read /no/such/file"), "{}", gone.stderr);
}

#[test]
#[cfg(feature = "nats")]
fn credentials_of_nats_stand_in_files_and_variables_and_are_of_one_kind() {
    let place = Place::new("nats");
    fs::write(place.path("ca.pem"), "any").unwrap();
    fs::write(place.path("password"), "hunter2\n").unwrap();
    let sink = |keys: &str| format!("[sink.a]\ntype = \"nats\"\nurl = \"tls://nats.example.com\"\n{keys}");
    for keys in [
        "stream = \"WEBHOOKS\"",
        "ca_file = \"FOLDER/ca.pem\"\nuser = \"hooks\"\npassword_file = \"FOLDER/password\"",
        "user = \"hooks\"\npassword_env = \"CRM_SECRET\"",
        "token_env = \"CRM_SECRET\"",
        "credentials_file = \"FOLDER/password\"",
    ] {
        let (code, text) = check(&place, &sink(keys));
        assert_eq!((code, text.as_str()), (Some(0), "a: nats for all events\n"), "{keys}");
    }
    for (keys, expected) in [
        ("user = \"hooks\"", ":1: sink.a: password_env or password_file is missing"),
        ("password_env = \"CRM_SECRET\"", ":1: sink.a: user is missing"),
        (
            "user = \"hooks\"\npassword = \"hunter2\"",
            ":5: sink.a.password: a sink of this type has no such key",
        ),
        (
            "token_env = \"CRM_SECRET\"\nuser = \"hooks\"\npassword_env = \"CRM_SECRET\"",
            "only one of credentials_file",
        ),
        ("token_env = [\"CRM_SECRET\", \"CRM_SECRET\"]", "only one secret may be named"),
        ("ca_file = \"FOLDER/none\"", ":4: sink.a.ca_file: there is no file"),
        ("credentials_file = \"FOLDER/none\"", ":4: sink.a.credentials_file: there is no file"),
    ] {
        let (code, stderr) = check(&place, &sink(keys));
        assert_eq!(code, Some(2), "{keys}: {stderr}");
        assert!(stderr.contains(expected) && !stderr.contains("hunter2"), "{keys}: {stderr}");
    }
    let (code, stderr) = check(&place, &sink("").replace("tls://", "tls://hooks:hunter2@"));
    assert_eq!(code, Some(2));
    assert!(
        stderr.contains(":3: sink.a.url: the URL has a user name") && !stderr.contains("hunter2"),
        "{stderr}"
    );
}

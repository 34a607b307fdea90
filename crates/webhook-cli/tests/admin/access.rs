//! The access rules of the page, and the headers of its answers.

use std::io::{Read as _, Write as _};

use crate::process::{Process, command};
use crate::store::Store;

/// What a browser sends with a form of the page itself.
fn own(process: &Process) -> [(&'static str, String); 3] {
    [
        ("host", process.admin.to_string()),
        ("origin", process.url("")),
        ("content-type", "application/x-www-form-urlencoded".to_owned()),
    ]
}

fn pairs<'a>(headers: &'a [(&'static str, String)]) -> Vec<(&'a str, &'a str)> {
    headers.iter().map(|(name, value)| (*name, value.as_str())).collect()
}

#[test]
fn only_a_known_host_is_answered_so_that_no_dns_name_can_be_made_to_point_here() {
    let store = Store::new();
    let process = Process::start(&store.url, &["--admin-host", "Hooks.Example"]);
    let port = process.admin.port();
    for (host, status) in [
        (format!("127.0.0.1:{port}"), 200),
        (format!("localhost:{port}"), 200),
        ("LOCALHOST".to_owned(), 200),
        (format!("[::1]:{port}"), 200),
        ("10.1.2.3".to_owned(), 200),
        ("hooks.example:443".to_owned(), 200),
        (format!("evil.example:{port}"), 403),
        ("localhost.evil.example".to_owned(), 403),
        ("127.0.0.1.evil.example".to_owned(), 403),
        ("user@evil.example".to_owned(), 403),
        ("hooks.example.".to_owned(), 403),
        ("<script>".to_owned(), 403),
        (String::new(), 403),
    ] {
        for path in ["/", "/metrics", "/readyz", "/style.css"] {
            let answer = process.ask("GET", path, &[("host", &host)], "");
            assert_eq!(answer.status, status, "{host} {path}");
        }
    }
    let twice = [("host", "localhost"), ("host", "evil.example")];
    assert!(matches!(process.ask("GET", "/", &twice, "").status, 400 | 403));
    assert!(matches!(process.ask("GET", "/", &[], "").status, 400 | 403));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn only_the_page_itself_replays() {
    let store = Store::filled().await;
    let process = Process::start(&store.url, &[]);
    let host = process.admin.to_string();
    let origin = process.url("");
    for refused in [
        vec![("host", host.as_str())],
        vec![("host", &host), ("origin", "http://evil.example")],
        vec![("host", &host), ("origin", "null")],
        vec![("host", &host), ("origin", "http://localhost:1")],
        vec![("host", &host), ("sec-fetch-site", "cross-site"), ("origin", &origin)],
        vec![("host", &host), ("sec-fetch-site", "same-site")],
        vec![("host", &host), ("sec-fetch-site", "none")],
        vec![("host", "localhost"), ("origin", &origin)],
    ] {
        let answer = process.ask("POST", "/deliveries/4/replay", &refused, "");
        assert_eq!(answer.status, 403, "{refused:?}");
    }
    let inbox = store.open().await;
    assert_eq!(crate::store::pending(&inbox, 4).await, 1, "only the sink that never ran");
    // A request that changes something is a POST.
    assert_eq!(process.get("/deliveries/4/replay").status, 405);
    let answer = process.ask("POST", "/deliveries/4/replay", &pairs(&own(&process)), "");
    assert_eq!(answer.status, 303, "{answer:?}");
    assert!(answer.head.contains("location: /deliveries/4?replayed=1"), "{}", answer.head);
    assert_eq!(crate::store::pending(&inbox, 4).await, 2);
    // Browsers say it one way or the other.
    let fetch = [
        ("host", host.as_str()),
        ("sec-fetch-site", "same-origin"),
        ("content-type", "application/x-www-form-urlencoded"),
    ];
    let answer = process.ask("POST", "/deliveries/1/replay", &fetch, "sink=tickets");
    assert_eq!(answer.status, 303, "{answer:?}");
    let answer = process.ask("POST", "/deliveries/1/replay", &pairs(&own(&process)), "sink=nowhere");
    assert_eq!(answer.status, 400, "{answer:?}");
}

#[test]
fn every_answer_tells_the_browser_to_be_careful() {
    let store = Store::new();
    let process = Process::start(&store.url, &[]);
    for path in [
        "/",
        "/live",
        "/nothing",
        "/deliveries/9",
        "/deliveries/x",
        "/metrics",
        "/style.css",
        "/script.js",
        "/?state=no",
        "/icon.svg",
    ] {
        let answer = process.get(path);
        for header in [
            "content-security-policy: default-src 'none'; script-src 'self'; style-src 'self';",
            "frame-ancestors 'none'",
            "x-content-type-options: nosniff",
            "referrer-policy: same-origin",
            "cache-control: no-store",
            "cross-origin-resource-policy: same-origin",
        ] {
            assert!(answer.head.contains(header), "{path}: no {header} in {}", answer.head);
        }
        assert!(!answer.head.contains("unsafe-"), "{path}: {}", answer.head);
    }
}

#[test]
fn beyond_this_machine_a_token_is_needed_and_a_short_one_is_refused() {
    let store = Store::new();
    let short = store.path("short");
    std::fs::write(&short, "0123456789\n").unwrap();
    let short = short.to_str().unwrap();
    for (arguments, message) in [
        (vec!["--admin", "0.0.0.0:0"], "set WEBHOOKS_ADMIN_TOKEN"),
        (vec!["--admin", ":0"], "set WEBHOOKS_ADMIN_TOKEN"),
        (vec!["--admin", "127.0.0.1:0", "--admin-token-file", short], "shorter than 16"),
        (
            vec!["--admin", "127.0.0.1:0", "--admin-token-file", "/nonexistent"],
            "failed to read the secret in /nonexistent",
        ),
        (vec!["--admin-token-file", short], "--admin"),
        (
            vec!["--admin", "127.0.0.1:0", "--admin-host", "hooks.example:443"],
            "without scheme, port and path",
        ),
        (vec!["--admin", "127.0.0.1:0", "--admin-host", "https://hooks.example"], "without scheme, port"),
        (vec!["--admin", "127.0.0.1:0", "--admin-host", ""], "without scheme, port"),
    ] {
        let output = command(&store.url, &arguments).output().unwrap();
        let stderr = String::from_utf8(output.stderr).unwrap();
        assert_eq!(output.status.code(), Some(2), "{arguments:?}: {stderr}");
        assert!(stderr.contains(message), "{arguments:?}: {stderr}");
        assert!(!stderr.contains("0123456789"), "{stderr}");
    }
}

/// Otherwise the page would be open to everyone, or closed to everyone.
#[test]
fn a_token_that_cannot_be_meant_is_refused() {
    use std::ffi::OsStr;
    use std::os::unix::ffi::OsStrExt as _;

    const TOKEN: &[u8] = b"a-token-of-some-length";
    let store = Store::new();
    let blank: &[u8] = b"                    ";
    let with_mark = [b"\xef\xbb\xbf", TOKEN].concat();
    let around = [b" ", TOKEN].concat();
    for (token, message) in [
        (&b"\xff\xfe-token-of-some-length"[..], "not valid UTF-8"),
        (blank, "is blank"),
        (&around, "white space around"),
        (b"a-token-of\nsome-length", "line break"),
        (&with_mark, "byte order mark"),
        ("a-token-\u{e4}-of-some-length".as_bytes(), "not ASCII"),
        (b"0123456789", "shorter than 16"),
    ] {
        let file = store.path("token");
        std::fs::write(&file, [token, b"\n"].concat()).unwrap();
        let start = || command(&store.url, &["--admin", "127.0.0.1:0", "--timeout", "10s"]);
        let (mut by_variable, mut by_option, mut by_named) = (start(), start(), start());
        by_variable.env("WEBHOOKS_ADMIN_TOKEN", OsStr::from_bytes(token));
        by_option.arg("--admin-token-file").arg(&file);
        by_named.env("WEBHOOKS_ADMIN_TOKEN_FILE", &file);
        for mut command in [by_variable, by_option, by_named] {
            let output = command.output().unwrap();
            let stderr = String::from_utf8(output.stderr).unwrap();
            assert_eq!(output.status.code(), Some(2), "{message}: {stderr}");
            let is_said = stderr.contains(message) || stderr.contains("did not contain valid UTF-8");
            assert!(is_said && !stderr.contains("some-length"), "{message}: {stderr}");
        }
    }
    let mut twice = command(&store.url, &["--admin", "127.0.0.1:0", "--admin-token-file", "/x"]);
    let output = twice.env("WEBHOOKS_ADMIN_TOKEN", OsStr::from_bytes(TOKEN)).output().unwrap();
    assert!(String::from_utf8(output.stderr).unwrap().contains("WEBHOOKS_ADMIN_TOKEN: give one"));
}

/// The probes of a process that stops answering them end it.
#[test]
fn clients_without_the_token_do_not_keep_others_out() {
    let store = Store::new();
    let file = store.path("token");
    std::fs::write(&file, "a-token-of-some-length\n").unwrap();
    let process = Process::start(&store.url, &["--admin-token-file", file.to_str().unwrap()]);
    let own = own(&process);
    let mut head = "POST /login HTTP/1.1\r\ncontent-length: 100\r\n".to_owned();
    for (name, value) in &own {
        head.extend([name, ": ", value.as_str(), "\r\n"]);
    }
    let slow: Vec<_> = (0..140)
        .map(|_| {
            let mut stream = std::net::TcpStream::connect(process.admin).unwrap();
            stream.write_all(format!("{head}\r\ntoken=").as_bytes()).unwrap();
            stream
        })
        .collect();
    for path in ["/livez", "/readyz", "/livez"] {
        assert_eq!(process.get(path).status, 200, "{path}");
    }
    drop(slow);
    // Without pressure, a form that does not arrive ends too.
    let mut one = std::net::TcpStream::connect(process.admin).unwrap();
    one.write_all(format!("{head}\r\ntoken=").as_bytes()).unwrap();
    let mut answer = String::new();
    one.set_read_timeout(Some(std::time::Duration::from_secs(20))).unwrap();
    one.read_to_string(&mut answer).unwrap();
    assert!(answer.starts_with("HTTP/1.1 408"), "{answer}");
    let large = process.ask("POST", "/login", &pairs(&own), &format!("token={}", "x".repeat(17_000)));
    assert_eq!(large.status, 413, "{large:?}");
}

#[test]
fn the_token_opens_by_header_and_by_form_and_is_never_shown() {
    const TOKEN: &str = "a-token-of-some-length";
    let store = Store::new();
    let file = store.path("token");
    std::fs::write(&file, format!("{TOKEN}\n")).unwrap();
    let process = Process::start(&store.url, &["--admin-token-file", file.to_str().unwrap()]);
    let host = process.admin.to_string();
    let with = |headers: &[(&str, &str)], path: &str| {
        process.ask("GET", path, &[&[("host", host.as_str())], headers].concat(), "")
    };
    for path in ["/", "/live", "/deliveries/1", "/deliveries/1/body", "/metrics"] {
        assert_eq!(with(&[], path).status, 401, "{path}");
        assert_eq!(with(&[("authorization", "Bearer a-token-of-some-lengt")], path).status, 401, "{path}");
        assert_eq!(with(&[("authorization", "Basic YTph")], path).status, 401, "{path}");
        assert_ne!(with(&[("authorization", &format!("bearer {TOKEN}"))], path).status, 401, "{path}");
    }
    let person = with(&[("accept", "text/html")], "/");
    assert_eq!(person.status, 303);
    assert!(person.head.contains("location: /login"), "{}", person.head);
    for path in ["/livez", "/readyz", "/login", "/style.css"] {
        assert_eq!(with(&[], path).status, 200, "{path} is for probes and for people without a session");
    }
    let own = own(&process);
    let form = |body: &str| process.ask("POST", "/login", &pairs(&own), body);
    let wrong = form("token=wrong");
    assert_eq!(wrong.status, 401);
    assert!(!wrong.head.contains("set-cookie"), "{}", wrong.head);
    let foreign = [
        ("host", host.as_str()),
        ("origin", "http://evil.example"),
        ("content-type", "application/x-www-form-urlencoded"),
    ];
    assert_eq!(process.ask("POST", "/login", &foreign, &format!("token={TOKEN}")).status, 403);
    let mut stream_head = form(&format!("token={TOKEN}"));
    assert_eq!(stream_head.status, 303, "{stream_head:?}");
    assert!(stream_head.head.contains("httponly; samesite=strict"), "{}", stream_head.head);
    assert!(!stream_head.head.contains(TOKEN), "{}", stream_head.head);
    // The head was lowered to compare it; the cookie is needed as it came.
    stream_head.head = raw_cookie(&process, &own, TOKEN);
    let cookie = stream_head.head;
    assert_eq!(with(&[("cookie", &cookie)], "/").status, 200);
    let (ends_at, code) = cookie.split_once('.').unwrap();
    let later = format!("{}9.{code}", ends_at.trim_end_matches(|digit: char| digit.is_ascii_digit()));
    for forged in [
        later,
        cookie.replace('.', ".A"),
        format!("{ends_at}."),
        "webhooks_admin=".to_owned(),
        "webhooks_admin=9.9".to_owned(),
    ] {
        assert_eq!(with(&[("cookie", &forged)], "/").status, 401, "{forged}");
    }
}

fn raw_cookie(process: &Process, own: &[(&'static str, String)], token: &str) -> String {
    let agent: ureq::Agent =
        ureq::Agent::config_builder().max_redirects(0).http_status_as_error(false).build().into();
    let mut request = agent.post(process.url("/login"));
    for (name, value) in own {
        request = request.header(*name, value);
    }
    let answer = request.send(format!("token={token}")).unwrap();
    let cookie = answer.headers().get("set-cookie").unwrap().to_str().unwrap();
    cookie.split(';').next().unwrap().to_owned()
}

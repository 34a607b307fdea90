//! `webhooks run --admin`: the same page beside the sinks.

use std::fs;
use std::os::unix::fs::PermissionsExt as _;
use std::time::{Duration, Instant};

use crate::process::{Answer, Process, of};
use crate::store::Store;

/// A process with a sink that runs a command for each delivery; the command waits for the file `go`.
fn start(store: &Store, more: &[&str]) -> Process {
    let script = store.path("sink.sh");
    let text = "#!/bin/sh\ntouch \"$1/started\"; while ! test -e \"$1/go\"; do sleep 0.05; done\n";
    fs::write(&script, text).unwrap();
    fs::set_permissions(&script, fs::Permissions::from_mode(0o755)).unwrap();
    let folder = store.path("").display().to_string();
    let run = ["run", "--inbox", &store.url, "--exec", script.to_str().unwrap(), "--name", "tickets"];
    Process::spawn(of(&[&run[..], &["--admin", "127.0.0.1:0"], more, &["--", &folder]].concat()))
}

/// Asks until an answer is the one that is waited for.
fn until(process: &Process, path: &str, is_it: impl Fn(&Answer) -> bool) -> Answer {
    let started = Instant::now();
    loop {
        let answer = process.get(path);
        if is_it(&answer) {
            return answer;
        }
        assert!(started.elapsed() < Duration::from_secs(30), "{answer:?}");
        std::thread::sleep(Duration::from_millis(50));
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_page_health_and_metrics_are_served_beside_the_sinks() {
    let store = Store::new();
    let inbox = store.open().await;
    crate::store::keep(&inbox, &crate::store::qase(1, "")).await;
    let process = start(&store, &[]);
    assert_eq!(process.get("/livez").status, 200);
    let ready = process.get("/readyz");
    assert_eq!((ready.status, ready.body.as_str()), (200, "ready\n"));
    let page = until(&process, "/", |page| page.body.contains("badge claimed"));
    assert!(page.status == 200 && page.body.contains("run.completed"), "{}", page.body);
    assert!(page.head.contains("content-security-policy"), "{}", page.head);
    let claimed = "webhooks_sink_claimed{sink=\"tickets\"} 1\n";
    until(&process, "/metrics", |metrics| metrics.body.contains(claimed));
    assert_eq!(process.ask("GET", "/", &[("host", "evil.example")], "").status, 403);
    fs::write(store.path("go"), "").unwrap();
    until(&process, "/deliveries/1", |page| page.body.contains("badge done"));
    let nothing = "webhooks_sink_claimed{sink=\"tickets\"} 0\n";
    until(&process, "/metrics", |metrics| metrics.body.contains(nothing));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn while_an_attempt_under_way_ends_it_is_not_ready_and_says_why() {
    let store = Store::new();
    let inbox = store.open().await;
    crate::store::keep(&inbox, &crate::store::qase(1, "")).await;
    let process = start(&store, &["--shutdown-grace", "20s"]);
    let started = Instant::now();
    while !store.path("started").exists() {
        assert!(started.elapsed() < Duration::from_secs(30));
        std::thread::sleep(Duration::from_millis(20));
    }
    process.signal("TERM");
    let ready = until(&process, "/readyz", |ready| ready.status == 503);
    assert_eq!(ready.body, "not ready: stopping\n");
    assert_eq!(process.get("/livez").status, 200);
    fs::write(store.path("go"), "").unwrap();
}

#[test]
fn a_page_that_cannot_be_served_stops_the_sinks_before_they_start() {
    let store = Store::new();
    drop(Process::start(&store.url, &[]));
    for (arguments, words) in [
        (["--admin", "0.0.0.0:0"], "other machines reach the admin page"),
        (["--admin", "203.0.113.1:0"], "203.0.113.1:0"),
    ] {
        let run =
            ["run", "--inbox", &store.url, "--file", store.path("all").to_str().unwrap()].map(str::to_owned);
        let run: Vec<&str> = run.iter().map(String::as_str).chain(arguments).collect();
        let output = of(&run).output().unwrap();
        let said = String::from_utf8(output.stderr).unwrap();
        assert_eq!(output.status.code(), Some(2), "{said}");
        assert!(said.contains(words) && !said.contains("running "), "{said}");
    }
}

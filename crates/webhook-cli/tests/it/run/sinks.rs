//! Sinks in a process of their own: their progress, their failures, their end.

use std::fs;
use std::io::{Read as _, Write as _};
use std::net::TcpListener;
use std::thread;
use std::time::{Duration, Instant};

use super::Place;
use crate::process::webhooks;

#[test]
fn each_sink_has_its_own_progress_filter_and_dead_letters() {
    let place = Place::new("progress");
    place.keep(5);
    place.keep_run();
    let good = place.script("good.sh", "cat > /dev/null; echo $WEBHOOK_KEY >> good.log");
    let bad = place.script("bad.sh", "echo no ticket for you >&2; exit 3");
    let config = place.configure(&format!(
        r#"
        [sink.good]
        type = "exec"
        command = ["{good}"]
        concurrency = 3
        [sink.bad]
        type = "exec"
        command = ["{bad}"]
        events = ["run.*"]
        max_attempts = 2
        retry_first = "10ms"
        [sink.archive]
        type = "file"
        path = "FOLDER/all.ndjson"
        "#
    ));
    let running = place.run(&["--config", &config], &[]);
    place.until("good", |counts| counts.done == Some(6));
    place.until("archive", |counts| counts.done == Some(6));
    let bad = place.until("bad", |counts| counts.dead == 1 && counts.skipped == Some(5));
    assert_eq!((bad.pending, bad.done), (0, Some(0)));
    assert_eq!(place.notes("bad"), ["exit status 3: no ticket for you"; 2]);
    let (status, stderr) = running.stop("TERM");
    assert!(status.success(), "{stderr}");
    assert!(stderr.contains("good: 6 done, 0 failed"), "{stderr}");
    assert!(stderr.contains("bad: 0 done, 1 failed and to be retried, 1 dead, 5 skipped"), "{stderr}");
    assert_eq!(fs::read_to_string(place.path("good.log")).unwrap().lines().count(), 6);

    // What the sink wrote, the tool reads.
    let archive = place.path("all.ndjson").display().to_string();
    let inspected = webhooks(&["inspect", "--json", &archive]);
    assert_eq!(inspected.code, Some(0), "{}", inspected.stderr);
    let events: Vec<String> =
        inspected.lines().iter().map(|line| line["event"].as_str().unwrap().to_owned()).collect();
    assert_eq!(events, [&["test.event"; 5][..], &["run.completed"]].concat());

    // Nothing comes twice after a restart, and a replay comes again.
    let replay = webhooks(&["inbox", "replay", "--inbox", &place.url(), "--state", "dead", "--sink", "bad"]);
    assert_eq!(replay.code, Some(0), "{}", replay.stderr);
    place.script("bad.sh", "exit 0");
    let running = place.run(&["--config", &config], &[]);
    place.until("bad", |counts| counts.done == Some(1));
    running.stop("INT");
    assert_eq!(fs::read_to_string(place.path("good.log")).unwrap().lines().count(), 6);
}

#[test]
fn sigterm_lets_the_attempt_under_way_end() {
    let place = Place::new("drain");
    place.keep(2);
    let script = place.script("slow.sh", "touch started; sleep 1; echo done >> slow.log");
    let running = place.run(&["--exec", &script, "--name", "slow"], &[]);
    wait_for(&place, "started");
    let (status, stderr) = running.stop("TERM");
    assert!(status.success(), "{stderr}");
    assert!(stderr.contains("slow: 1 done"), "{stderr}");
    assert_eq!(fs::read_to_string(place.path("slow.log")).unwrap(), "done\n");
    let counts = place.until("slow", |counts| counts.done == Some(1));
    assert_eq!((counts.pending, counts.claimed), (1, 0));
}

#[test]
fn sigterm_ends_the_process_whatever_it_waits_for() {
    let silent = TcpListener::bind("127.0.0.1:0").unwrap();
    let url = format!("http://{}/hook", silent.local_addr().unwrap());
    let http = ["--http", url.as_str(), "--unsigned", "--allow-private", "--shutdown-grace", "300ms"];
    for (name, arguments) in [
        ("idle", vec!["--exec", "true"]),
        ("waiting-to-retry", vec!["--exec", "false"]),
        ("connection-that-is-silent", http.to_vec()),
        ("paused", vec!["--exec", "true", "--name", "paused"]),
    ] {
        let place = Place::new(name);
        place.keep(usize::from(name != "idle"));
        crate::inbox::with_inbox(&place.url(), async |inbox| {
            inbox.register("paused", webhook_inbox::Start::Oldest).await.unwrap();
            inbox.pause("paused", Duration::from_secs(3_600)).await.unwrap();
        });
        let running = place.run(&arguments, &[]);
        match name {
            "waiting-to-retry" => {
                place.until("exec", |counts| counts.pending == 1);
                while place.notes("exec").is_empty() {
                    thread::sleep(Duration::from_millis(20));
                }
            }
            "connection-that-is-silent" => drop(place.until("http", |counts| counts.claimed == 1)),
            _ => thread::sleep(Duration::from_millis(600)),
        }
        let signalled = Instant::now();
        let (status, stderr) = running.stop("TERM");
        assert!(status.success(), "{name}: {stderr}");
        assert!(signalled.elapsed() < Duration::from_secs(8), "{name}: {:?}", signalled.elapsed());
        let counts = place.until("paused", |_| true);
        assert_eq!(counts.dead, 0, "{name}");
    }
}

#[test]
fn a_second_signal_ends_the_process_at_once_and_the_delivery_comes_again() {
    let place = Place::new("second-signal");
    place.keep(1);
    let script = place.script("slow.sh", "touch started; test -e go || exec sleep 1000");
    let running = place.run(&["--exec", &script, "--shutdown-grace", "600s"], &[]);
    wait_for(&place, "started");
    running.signal("TERM");
    let mut running = running;
    running.wait_for("stopping");
    let (_, stderr) = running.insist("TERM");
    assert!(stderr.contains("stopped at once, by a second signal"), "{stderr}");
    let counts = place.until("exec", |_| true);
    assert_eq!((counts.done, counts.dead), (Some(0), 0));
}

#[test]
fn an_attempt_that_takes_longer_than_the_grace_is_ended_and_comes_again() {
    let place = Place::new("grace");
    place.keep(1);
    let script = place.script("slow.sh", "touch started; test -e go || sleep 1000");
    let started = Instant::now();
    let running = place.run(&["--exec", &script, "--shutdown-grace", "300ms"], &[]);
    wait_for(&place, "started");
    let (status, stderr) = running.stop("TERM");
    assert!(status.success() && started.elapsed() < Duration::from_secs(60), "{stderr}");
    assert!(stderr.contains("exec: 0 done"), "{stderr}");
    fs::write(place.path("go"), "").unwrap();
    let running = place.run(&["--exec", &script], &[]);
    let counts = place.until("exec", |counts| counts.done == Some(1));
    assert_eq!(counts.dead, 0);
    running.stop("TERM");
}

#[test]
fn what_is_in_flight_when_the_process_is_killed_comes_again() {
    let place = Place::new("kill");
    place.keep(20);
    let script = place.script("log.sh", "echo $WEBHOOK_KEY >> log; sleep 0.05");
    let mut arguments = vec!["--exec", &script, "--concurrency", "4"];
    for _ in 0..3 {
        let running = place.run(&arguments, &[]);
        thread::sleep(Duration::from_millis(150));
        let (status, _) = running.stop("KILL");
        assert!(!status.success());
    }
    // Leases of dead processes run out after a minute; whoever is not held comes at once.
    arguments.extend(["--max-attempts", "20"]);
    let running = place.run(&arguments, &[]);
    place.until("exec", |counts| {
        counts.done.unwrap_or_default() + counts.claimed == 20 && counts.pending == 0
    });
    running.stop("TERM");
    let counts = place.until("exec", |_| true);
    assert_eq!(counts.done.unwrap() + counts.pending + counts.claimed + counts.dead, 20);
    assert_eq!(counts.dead, 0);
    let log = fs::read_to_string(place.path("log")).unwrap();
    let keys: std::collections::BTreeSet<&str> = log.lines().collect();
    assert!(keys.len() as u64 >= counts.done.unwrap());
}

#[test]
fn a_url_of_the_command_line_leads_to_this_machine_only_where_that_is_allowed() {
    let server = TcpListener::bind("127.0.0.1:0").unwrap();
    let url = format!("http://{}/hook", server.local_addr().unwrap());
    thread::spawn(move || {
        for stream in server.incoming() {
            let mut stream = stream.unwrap();
            let mut some = [0; 16 * 1024];
            let _ = stream.read(&mut some);
            let _ = stream.write_all(b"HTTP/1.1 204 x\r\nconnection: close\r\n\r\n");
        }
    });
    for (arguments, configured, is_sent) in [
        (vec!["--http", &url, "--unsigned"], None, false),
        (vec!["--http", &url, "--unsigned", "--allow-private"], None, true),
        (vec![], Some(format!("url = \"{url}\"")), true),
        (vec![], Some("url_env = \"TARGET\"".to_owned()), false),
        (vec![], Some("url_env = \"TARGET\"\nallow_private = true".to_owned()), true),
        (vec!["--allow-private"], Some("url_env = \"TARGET\"".to_owned()), true),
    ] {
        let place = Place::new("private");
        place.keep(1);
        let config = configured
            .map(|keys| place.configure(&format!("[sink.http]\ntype = \"http\"\nunsigned = true\n{keys}\n")));
        let mut arguments = arguments.clone();
        if let Some(config) = &config {
            arguments.extend(["--config", config]);
        }
        let running = place.run(&arguments, &[("TARGET", &url)]);
        if is_sent {
            place.until("http", |counts| counts.done == Some(1));
        } else {
            let started = Instant::now();
            while place.notes("http").is_empty() {
                assert!(started.elapsed() < Duration::from_secs(30));
                thread::sleep(Duration::from_millis(20));
            }
            assert!(place.notes("http")[0].contains("private network"), "{:?}", place.notes("http"));
        }
        running.stop("TERM");
    }
}

#[test]
fn secrets_of_this_process_are_not_in_the_environment_of_a_command() {
    let place = Place::new("environment");
    place.keep(1);
    let script = place.script("environment.sh", "env > environment");
    let environment = [("QASE_WEBHOOK_SECRET", "hunter2"), ("WEBHOOKS_OTHER", "hunter2")];
    let running = place.run(&["--exec", &script], &environment);
    place.until("exec", |counts| counts.done == Some(1));
    running.stop("TERM");
    let text = fs::read_to_string(place.path("environment")).unwrap();
    assert!(!text.contains("hunter2") && text.contains("WEBHOOK_EVENT=test.event"), "{text}");
}

#[test]
fn a_paused_sink_is_resumed_by_its_name() {
    let place = Place::new("resume");
    place.keep(1);
    crate::inbox::with_inbox(&place.url(), async |inbox| {
        inbox.register("exec", webhook_inbox::Start::Oldest).await.unwrap();
        inbox.pause("exec", Duration::from_secs(3_600)).await.unwrap();
    });
    let script = place.script("ok.sh", "exit 0");
    let running = place.run(&["--exec", &script], &[]);
    thread::sleep(Duration::from_millis(800));
    let counts = place.until("exec", |_| true);
    assert_eq!((counts.done, counts.pending), (Some(0), 1));
    running.stop("TERM");
    let running = place.run(&["--exec", &script, "--resume", "exec"], &[]);
    place.until("exec", |counts| counts.done == Some(1));
    running.stop("TERM");
    let wrong = webhooks(&["run", "--inbox", &place.url(), "--exec", &script, "--resume", "exe"]);
    assert!(wrong.stderr.contains("there is no sink of this name; did you mean `exec`?"), "{}", wrong.stderr);
}

fn wait_for(place: &Place, name: &str) {
    let started = Instant::now();
    while !place.path(name).exists() {
        assert!(started.elapsed() < Duration::from_secs(30), "{name} is not there");
        thread::sleep(Duration::from_millis(10));
    }
}

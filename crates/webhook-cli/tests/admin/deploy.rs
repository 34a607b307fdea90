//! The files of the folder `deploy` name what is there.

use std::collections::BTreeSet;
use std::fs;
use std::os::unix::net::UnixDatagram;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::Duration;

use crate::process::{Process, ask, command};
use crate::store::Store;

fn folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("deploy")
}

fn read(name: &str) -> String {
    fs::read_to_string(folder().join(name)).unwrap()
}

/// The words of a text that start like this.
fn words<'a>(text: &'a str, start: &'a str) -> BTreeSet<&'a str> {
    let ends = |letter: char| !(letter.is_ascii_alphanumeric() || matches!(letter, '-' | '_'));
    text.split(ends).filter(|word| word.starts_with(start) && word.len() > start.len()).collect()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn every_metric_of_the_dashboard_and_the_rules_is_exposed() {
    let store = Store::filled().await;
    let process = Process::start(&store.url, &[]);
    for secret in [crate::process::SECRET, "wrong"] {
        let headers = [("host", "x"), ("x-qase-secret", secret), ("content-type", "application/json")];
        ask(process.listener(), "POST", "/qase", &headers, &crate::store::qase(80, ""));
    }
    let exposed = process.get("/metrics").body;
    let names: BTreeSet<&str> = exposed
        .lines()
        .filter(|line| !line.starts_with('#'))
        .filter_map(|line| line.split(['{', ' ']).next())
        .collect();
    for file in ["alerts.yaml", "alerts.test.yaml", "dashboard.json"] {
        let text = read(file);
        let used = words(&text, "webhooks_");
        assert!(!used.is_empty(), "{file}");
        let unknown: Vec<_> = used.difference(&names).collect();
        assert!(unknown.is_empty(), "{file}: {unknown:?} of {names:?}");
    }
    let dashboard: serde_json::Value = serde_json::from_str(&read("dashboard.json")).unwrap();
    assert!(dashboard["panels"].as_array().unwrap().len() > 5);
}

#[test]
fn every_option_in_a_file_is_an_option_of_the_tool() {
    let help =
        Command::new(env!("CARGO_BIN_EXE_webhooks")).args(["listen", "--help"]).output().unwrap().stdout;
    let help = String::from_utf8(help).unwrap();
    let known = words(&help, "--");
    for file in ["compose.yaml", "kubernetes/sqlite.yaml", "kubernetes/postgres.yaml", "webhooks.service"] {
        let text = read(file);
        // A comment is about other tools.
        let text: String =
            text.lines().filter(|line| !line.starts_with('#')).flat_map(|line| [line, "\n"]).collect();
        let used: BTreeSet<_> = words(&text, "--").into_iter().filter(|word| *word != "---").collect();
        assert!(used.len() > 3, "{file}: {used:?}");
        let unknown: Vec<_> = used.difference(&known).collect();
        assert!(unknown.is_empty(), "{file}: {unknown:?}");
    }
}

/// Everybody on a machine reads the command lines of its processes.
#[test]
fn no_secret_stands_on_a_command_line_or_in_the_environment() {
    for file in [
        "compose.yaml",
        "kubernetes/sqlite.yaml",
        "kubernetes/postgres.yaml",
        "webhooks.service",
        "Containerfile",
    ] {
        let text: String = read(file).lines().filter(|line| !line.trim_start().starts_with('#')).collect();
        // A URL of Postgres, a variable of Kubernetes in an argument, a secret of Kubernetes in a variable.
        for words in ["postgres://", "$(", "secretKeyRef", "WEBHOOK_SECRET=", "ADMIN_TOKEN="] {
            assert!(!text.contains(words), "{file} has {words}");
        }
    }
    assert!(read("kubernetes/postgres.yaml").contains("WEBHOOKS_INBOX_FILE"));
}

#[test]
fn systemd_takes_the_unit() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("webhooks.service");
    let text = read("webhooks.service").replace("/usr/local/bin/webhooks", env!("CARGO_BIN_EXE_webhooks"));
    fs::write(&path, text).unwrap();
    let Ok(output) = Command::new("systemd-analyze").arg("verify").arg(&path).output() else {
        assert!(std::env::var_os("CI").is_none(), "systemd-analyze is missing, from the package systemd");
        eprintln!("LEFT OUT: systemd-analyze is not installed");
        return;
    };
    let said = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success() && said.is_empty(), "{said}");
}

#[test]
fn prometheus_takes_the_rules() {
    for arguments in [["check", "rules", "alerts.yaml"], ["test", "rules", "alerts.test.yaml"]] {
        let Ok(output) = Command::new("promtool").args(arguments).current_dir(folder()).output() else {
            assert!(std::env::var_os("CI").is_none(), "promtool is missing, from the package prometheus");
            eprintln!("LEFT OUT: promtool is not installed");
            return;
        };
        assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    }
}

#[test]
fn a_service_manager_is_told_when_the_service_is_ready_and_when_it_stops() {
    let store = Store::new();
    let path = store.path("notify");
    let socket = UnixDatagram::bind(&path).unwrap();
    socket.set_read_timeout(Some(Duration::from_secs(20))).unwrap();
    let mut command = command(&store.url, &["--admin", "127.0.0.1:0"]);
    command.env("NOTIFY_SOCKET", &path);
    let process = Process::spawn(command);
    let mut heard = [0; 256];
    let length = socket.recv(&mut heard).unwrap();
    assert!(heard[..length].starts_with(b"READY=1"), "{:?}", &heard[..length]);
    process.signal("TERM");
    let length = socket.recv(&mut heard).unwrap();
    assert!(heard[..length].starts_with(b"STOPPING=1"), "{:?}", &heard[..length]);
}

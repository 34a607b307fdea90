//! What is copied as a command sends the same bytes again.

use std::process::Command;

use crate::process::{Process, SECRET};
use crate::store::{Store, keep, qase};

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_command_is_accepted_and_its_body_is_the_same() {
    let tools = ["curl", "openssl"].map(|tool| {
        Command::new(tool).arg("--version").output().or_else(|_| Command::new(tool).arg("version").output())
    });
    if tools.iter().any(Result::is_err) {
        assert!(std::env::var_os("CI").is_none(), "curl and openssl are missing");
        eprintln!("LEFT OUT: curl or openssl is not installed");
        return;
    }
    let store = Store::new();
    let inbox = store.open().await;
    keep(&inbox, &qase(1, r#""name":"it's $(HOME) `x` \"\\ é","#)).await;
    keep(&inbox, r#"{"id":"e'2","type":"test.event","createdAt":1770705612,"data":{"test":true}}"#).await;
    let mut command = crate::process::command(&store.url, &["--admin", "127.0.0.1:0"]);
    command.env("DEEPSOURCE_WEBHOOK_SECRET", SECRET);
    let arguments: Vec<_> = command.get_args().map(std::borrow::ToOwned::to_owned).collect();
    let mut verifying = Command::new(command.get_program());
    let mut skip = false;
    for (number, argument) in arguments.iter().enumerate() {
        // DeepSource is verified here.
        let next = arguments.get(number + 1).is_some_and(|next| next == "deepsource");
        if skip || (argument == "--insecure" && next) {
            skip = !skip;
            continue;
        }
        verifying.arg(argument);
    }
    verifying.env("DEEPSOURCE_WEBHOOK_SECRET", SECRET).env("QASE_WEBHOOK_SECRET", SECRET);
    verifying.stderr(std::process::Stdio::piped()).stdout(std::process::Stdio::null());
    let process = Process::spawn(verifying);
    for seq in [1, 2] {
        let script = process.get(&format!("/deliveries/{seq}/curl")).body;
        assert!(!script.contains(SECRET), "{script}");
        let script = script.replace("127.0.0.1:8080", &process.listener().to_string());
        let sent = Command::new("sh").arg("-c").arg(&script).env("SECRET", SECRET).output().unwrap();
        assert!(sent.status.success(), "{script}\n{}", String::from_utf8_lossy(&sent.stderr));
        let page = process.get(&format!("/deliveries/{seq}")).body;
        assert!(page.contains("<dd>2, the last one at"), "the same key, so the same body: {script}\n{page}");
    }
}

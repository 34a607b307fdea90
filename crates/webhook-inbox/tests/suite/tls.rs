//! TLS to a real server, with certificates that are made here.
//!
//! What is trusted comes from `SSL_CERT_FILE`, which a process reads for itself: each connection is one of its own.

use std::process::Command;

use rcgen::{BasicConstraints, CertificateParams, IsCa, Issuer, KeyPair};
use webhook_inbox::Inbox;

use crate::bench::numbered;
use crate::contention::is_cancelled;
use crate::server::{Server, left_out};

/// In the environment of the process that opens an inbox.
const STORE: &str = "WEBHOOKS_TEST_TLS_STORE";

/// A certificate authority, and a server's certificate of it for one name.
struct Certificates {
    authority: String,
    server: String,
    key: String,
}

fn certificates(name: &str) -> Certificates {
    let authority_key = KeyPair::generate().unwrap();
    let mut authority = CertificateParams::new(Vec::new()).unwrap();
    authority.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
    let certificate = authority.self_signed(&authority_key).unwrap();
    let issuer = Issuer::new(authority, authority_key);
    let key = KeyPair::generate().unwrap();
    let server = CertificateParams::new(vec![name.to_owned()]).unwrap().signed_by(&key, &issuer).unwrap();
    Certificates { authority: certificate.pem(), server: server.pem(), key: key.serialize_pem() }
}

/// A server that offers TLS with this certificate; it lets nobody in without.
fn start(certificates: &Certificates) -> Option<Server> {
    start_for(certificates, "hostssl")
}

fn start_for(certificates: &Certificates, connections: &str) -> Option<Server> {
    let access = format!("{connections} all all 127.0.0.1/32 trust\n");
    Server::start_with(
        "-c ssl=on -c ssl_cert_file=FOLDER/server.crt -c ssl_key_file=FOLDER/server.key -c hba_file=FOLDER/access.conf",
        &[
            ("server.crt", certificates.server.clone()),
            ("server.key", certificates.key.clone()),
            ("access.conf", access),
        ],
    )
}

/// What a process says that trusts an authority and keeps a delivery at this address.
fn keep_at(url: &str, authority: &str) -> String {
    run("tls::keeps_a_delivery_as_a_process", url, authority)
}

fn run(test: &str, url: &str, authority: &str) -> String {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("authority.pem");
    std::fs::write(&file, authority).unwrap();
    let output = Command::new(std::env::current_exe().unwrap())
        .args(["--exact", test, "--ignored", "--nocapture"])
        .env(STORE, url)
        .env("SSL_CERT_FILE", file)
        .env_remove("SSL_CERT_DIR")
        .output()
        .unwrap();
    String::from_utf8(output.stdout).unwrap()
}

/// The process that [`keep_at`] starts.
#[tokio::test]
#[ignore = "the process of other tests"]
async fn keeps_a_delivery_as_a_process() {
    let Ok(url) = std::env::var(STORE) else { return };
    let end = std::time::Instant::now() + std::time::Duration::from_secs(30);
    loop {
        let kept = async { Inbox::open(&url).await?.keep(&numbered(1)).await };
        match kept.await {
            Ok(_) => return println!("kept"),
            Err(error) => {
                let said = format!("refused: {error} {error:?}");
                // The server may just have been started.
                let starts = said.contains("onnection refused") || said.contains("starting up");
                if !starts || std::time::Instant::now() > end {
                    return println!("{said}");
                }
                tokio::time::sleep(std::time::Duration::from_millis(50)).await;
            }
        }
    }
}

/// The process of the test of a cancelled operation.
#[tokio::test]
#[ignore = "the process of other tests"]
async fn gives_an_operation_up_as_a_process() {
    let Ok(url) = std::env::var(STORE) else { return };
    is_cancelled(&url, &url.replace("sslmode=require", "sslmode=disable")).await;
    println!("cancelled");
}

fn address(server: &Server, host: &str, parameters: &str) -> String {
    format!("postgres://tester@{host}:{}/postgres?{parameters}", server.port())
}

#[test]
fn a_certificate_is_verified_against_the_trusted_authorities_and_the_name() {
    let ours = certificates("localhost");
    let Some(server) = start(&ours) else { return left_out() };
    let at = |parameters: &str| address(&server, "localhost", parameters);
    for mode in ["sslmode=require", "sslmode=prefer", "", "sslmode=verify-full", "sslmode=verify-ca"] {
        let said = keep_at(&at(mode), &ours.authority);
        assert!(said.contains("kept"), "{mode}: {said}");
        // Never without verification, and never without TLS once the server has offered it.
        let said = keep_at(&at(mode), &certificates("localhost").authority);
        assert!(
            said.contains("refused: postgres://localhost") && said.contains("invalid peer certificate"),
            "{mode}: {said}"
        );
    }
    // The same server by a name that its certificate does not have.
    let said = keep_at(&address(&server, "127.0.0.1", "sslmode=require"), &ours.authority);
    assert!(said.contains("refused") && said.contains("not valid for name"), "{said}");
    // What asks for no TLS gets none, and this server wants it.
    let said = keep_at(&at("sslmode=disable"), &ours.authority);
    assert!(said.contains("refused") && said.contains("no encryption"), "{said}");
}

#[tokio::test]
async fn what_nobody_waits_for_is_cancelled_over_tls() {
    let ours = certificates("localhost");
    // The other connection of the test has no TLS.
    let Some(server) = start_for(&ours, "host") else { return left_out() };
    server.ready().await;
    let url = address(&server, "localhost", "sslmode=require");
    let said = run("tls::gives_an_operation_up_as_a_process", &url, &ours.authority);
    assert!(said.contains("cancelled"), "{said}");
}

#[test]
fn tls_that_is_required_and_not_offered_is_an_error_and_preferred_tls_goes_without() {
    let Some(server) = Server::start("") else { return left_out() };
    let authority = certificates("localhost").authority;
    let said = keep_at(&address(&server, "127.0.0.1", "sslmode=prefer"), &authority);
    assert!(said.contains("kept"), "{said}");
    for mode in ["require", "verify-ca", "verify-full"] {
        let said = keep_at(&address(&server, "127.0.0.1", &format!("sslmode={mode}")), &authority);
        assert!(said.contains("refused") && said.contains("TLS"), "{mode}: {said}");
    }
}

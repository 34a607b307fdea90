//! What only a server can do, or fail to do.

use std::error::Error as _;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

use tokio::io::copy_bidirectional;
use tokio::net::{TcpListener, TcpStream};
use webhook_inbox::{ErrorKind, Filter, Inbox, Kept};

use crate::bench::{Place, numbered};
use crate::server::{Server, connect, left_out};

#[tokio::test]
async fn a_server_that_acknowledges_what_is_not_on_disk_is_refused() {
    for setting in ["fsync", "synchronous_commit"] {
        let Some(server) = Server::start(&format!("-c {setting}=off")) else { return left_out() };
        server.ready().await;
        let error = Inbox::open(&server.url("postgres")).await.unwrap_err();
        assert_eq!(error.kind(), ErrorKind::Refused);
        assert!(error.to_string().contains(&format!("`{setting}` is `off`")), "{error}");
        let client = connect(&server.url("postgres")).await;
        let schemas =
            client.query("SELECT 1 FROM pg_namespace WHERE nspname = 'webhook_inbox'", &[]).await.unwrap();
        assert!(schemas.is_empty(), "nothing is created");
    }
}

/// Both settings can be changed without a restart of the server, and connections live long.
#[tokio::test]
async fn a_server_that_is_set_to_lose_data_while_it_is_in_use_is_an_error_until_it_is_set_back() {
    let Some(server) = Server::start("") else { return left_out() };
    server.ready().await;
    let inbox = Inbox::open(&server.url("postgres")).await.unwrap();
    inbox.keep(&numbered(1)).await.unwrap();
    let client = connect(&server.url("postgres")).await;
    let set = async |setting: &str, value: &str| {
        client.batch_execute(&format!("ALTER SYSTEM SET {setting} = {value}")).await.unwrap();
        client.batch_execute("SELECT pg_reload_conf()").await.unwrap();
        let changed = async || {
            let row = client.query_one("SELECT current_setting($1)", &[&setting]).await.unwrap();
            row.get::<_, String>(0) == value
        };
        while !changed().await {
            tokio::time::sleep(Duration::from_millis(5)).await;
        }
    };
    set("fsync", "off").await;
    // Each process of the server reads the change for itself; from then on nothing is stored.
    let mut number = 2;
    let error = loop {
        match inbox.keep(&numbered(number)).await {
            Ok(_) => number += 1,
            Err(error) => break error,
        }
        assert!(number < 900, "it goes on storing");
    };
    assert_eq!(error.kind(), ErrorKind::Unavailable);
    assert!(error.to_string().contains("`fsync` is `off`"), "{error}");
    assert_eq!(inbox.list(&Filter::all(), None, 1000).await.unwrap().len(), number - 1);
    set("fsync", "on").await;
    while inbox.keep(&numbered(number)).await.is_err() {}

    // This one is pinned for connections that are there, and refused on new ones.
    set("synchronous_commit", "off").await;
    inbox.keep(&numbered(number + 1)).await.unwrap();
    let error = Inbox::open(&server.url("postgres")).await.unwrap_err();
    assert!(error.to_string().contains("`synchronous_commit` is `off`"), "{error}");
}

#[tokio::test]
async fn a_schema_of_another_program_or_of_a_newer_version_is_refused() {
    let Some(place) = Place::postgres().await else { return };
    let client = connect(&place.url).await;
    client
        .batch_execute("CREATE SCHEMA webhook_inbox; CREATE TABLE webhook_inbox.meta(a int)")
        .await
        .unwrap();
    let error = Inbox::open(&place.url).await.unwrap_err();
    assert!(error.to_string().contains("of another program"), "{error}");
    client.batch_execute("DROP SCHEMA webhook_inbox CASCADE").await.unwrap();

    Inbox::open(&place.url).await.unwrap().close().await.unwrap();
    client.batch_execute("UPDATE webhook_inbox.meta SET version = 99").await.unwrap();
    let error = Inbox::open(&place.url).await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Refused);
    assert!(error.to_string().contains("version 99") && error.to_string().contains("update"), "{error}");
}

#[tokio::test]
async fn errors_name_the_server_and_never_the_password() {
    for url in [
        "postgres://root:hunter2@127.0.0.1:1/inbox?sslmode=disable",
        "postgres://root:hunter2@127.0.0.1:notaport/inbox",
        "postgres://root:hunter2@[::1/inbox?nonsense=1",
        // Characters of the password that are not encoded: the rest is read as a host, a database or a parameter.
        "postgres://root:pa@hunter2@127.0.0.1:1/inbox?sslmode=disable",
        "postgres://root:pa@ss/hunter2@127.0.0.1:1/inbox?sslmode=disable",
        "postgres://root:pa@ss?hunter2@127.0.0.1:1/inbox",
        "postgres://root:pass@127.0.0.1:1/inbox?hunter2=1",
        "postgres://root:hunter2",
    ] {
        let error = Inbox::open(url).await.unwrap_err();
        let sources = std::iter::successors(error.source(), |error| (*error).source());
        let sources: Vec<_> = sources.map(|error| format!("{error} {error:?}")).collect();
        let said = format!("{error} {error:?} {sources:?}");
        assert!(!said.contains("hunter2"), "{said}");
    }
    let error = Inbox::open("postgres://root:hunter2@127.0.0.1:1/inbox?sslmode=disable").await.unwrap_err();
    assert!(error.to_string().contains("postgres://127.0.0.1:1/inbox"), "{error}");
    let error = Inbox::open("postgres://root:pa@ss@127.0.0.1/inbox").await.unwrap_err();
    assert!(error.kind() == ErrorKind::Refused && error.to_string().contains("%40"), "{error}");
    let error = Inbox::open("postgres://127.0.0.1/inbox?sslmode=sometimes").await.unwrap_err();
    assert!(error.source().unwrap().to_string().contains("`sslmode`"), "{error:?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_server_that_is_stopped_is_an_error_and_a_started_one_is_found_again() {
    let Some(mut server) = Server::start("") else { return left_out() };
    server.ready().await;
    let inbox = Inbox::open(&server.url("postgres")).await.unwrap();
    let Kept::New(first) = inbox.keep(&numbered(1)).await.unwrap() else { panic!("it is new") };
    server.stop();
    for number in 1..4 {
        let started = Instant::now();
        let error = inbox.keep(&numbered(number)).await.unwrap_err();
        assert_eq!(error.kind(), ErrorKind::Unavailable, "{error}");
        assert!(started.elapsed() < Duration::from_secs(6));
    }
    server.start_again();
    server.ready().await;
    while !inbox.last_commit_ok() {
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
    assert_eq!(inbox.keep(&numbered(1)).await.unwrap(), Kept::Again(first));
    assert!(matches!(inbox.keep(&numbered(9)).await.unwrap(), Kept::New(_)));
}

/// A way to the server that can be made to swallow everything.
async fn proxy(port: u16) -> (u16, Arc<AtomicBool>) {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap().port();
    let cut = Arc::<AtomicBool>::default();
    let is_cut = Arc::clone(&cut);
    tokio::spawn(async move {
        while let Ok((mut from, _)) = listener.accept().await {
            let cut = Arc::clone(&is_cut);
            tokio::spawn(async move {
                let mut to = TcpStream::connect(("127.0.0.1", port)).await?;
                tokio::select! {
                    passed = copy_bidirectional(&mut from, &mut to) => passed.map(drop),
                    // Neither closed nor answered: as behind a firewall that forgot the connection.
                    () = async { while !cut.load(Ordering::Relaxed) { tokio::time::sleep(Duration::from_millis(10)).await } } => {
                        tokio::time::sleep(Duration::from_secs(60)).await;
                        Ok(())
                    }
                }
            });
        }
    });
    (address, cut)
}

#[tokio::test(flavor = "multi_thread")]
async fn a_server_that_is_cut_off_is_an_error_within_the_deadline_and_recovers() {
    let Some(server) = Server::start("") else { return left_out() };
    server.ready().await;
    let (port, cut) = proxy(server.port()).await;
    let inbox =
        Inbox::open(&format!("postgres://tester@127.0.0.1:{port}/postgres?sslmode=disable")).await.unwrap();
    inbox.keep(&numbered(1)).await.unwrap();
    cut.store(true, Ordering::Relaxed);
    tokio::time::sleep(Duration::from_millis(200)).await;
    let started = Instant::now();
    assert_eq!(inbox.keep(&numbered(2)).await.unwrap_err().kind(), ErrorKind::Unavailable);
    assert!(started.elapsed() < Duration::from_secs(7), "{:?}", started.elapsed());
    cut.store(false, Ordering::Relaxed);
    while !inbox.last_commit_ok() {
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
    inbox.keep(&numbered(2)).await.unwrap();
    assert_eq!(inbox.list(&Filter::all(), None, 9).await.unwrap().len(), 2);
}

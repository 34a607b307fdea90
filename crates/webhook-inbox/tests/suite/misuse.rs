//! Bad addresses, bad files and calls that would do too much.

use std::fs;

use chrono::Utc;
use webhook_inbox::{ErrorKind, Filter, Inbox, NewDelivery, Prune};

use crate::bench::{Place, numbered, on_every_store};

/// Opens an address that is refused, and returns what the error says.
async fn refusal(url: &str) -> String {
    let error = Inbox::open(url).await.err().unwrap_or_else(|| panic!("{url} was accepted"));
    assert_eq!(error.kind(), ErrorKind::Refused, "{error}");
    error.to_string()
}

#[tokio::test]
async fn an_address_that_is_no_inbox_is_refused_with_what_to_do() {
    let error = refusal("mysql://root:hunter2@localhost/inbox").await;
    assert!(error.contains("mysql") && error.contains("sqlite:FILE"), "{error}");
    assert!(!error.contains("hunter2"), "{error}");
    for url in ["inbox.db", ""] {
        let error = refusal(url).await;
        assert!(error.contains("sqlite:FILE"), "{error}");
    }
    for url in ["sqlite:", "sqlite::memory:", "sqlite:inbox.db?mode=ro"] {
        assert!(refusal(url).await.contains("does not name a file"));
    }
    for url in ["sqlite:file:inbox.db", "sqlite:file://inbox.db", "sqlite://file:inbox.db"] {
        assert!(refusal(url).await.ends_with("write only the file, as in sqlite:inbox.db"));
    }
}

#[cfg(not(feature = "postgres"))]
#[tokio::test]
async fn an_address_whose_feature_is_missing_is_refused_by_its_name() {
    let error = refusal("postgres://root:hunter2@localhost/inbox").await;
    assert!(error.contains("`postgres`") && !error.contains("hunter2"), "{error}");
}

#[tokio::test]
async fn a_folder_that_does_not_exist_is_named_and_not_created() {
    let folder = tempfile::tempdir().unwrap();
    let missing = folder.path().join("missing");
    let error = refusal(&format!("sqlite:{}", missing.join("inbox.db").display())).await;
    assert!(error.contains("missing does not exist"), "{error}");
    assert!(!missing.exists());
    assert!(refusal(&format!("sqlite:{}", folder.path().display())).await.contains("is not a file"));
}

#[tokio::test]
async fn a_file_that_is_no_database_is_left_as_it_is() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("notes.txt");
    for content in [&b"groceries\n"[..], &b"SQLite format 3\0"[..], &[0; 4096][..]] {
        fs::write(&path, content).unwrap();
        let error = refusal(&format!("sqlite:{}", path.display())).await;
        assert!(error.contains("notes.txt is not a database"), "{error}");
        assert_eq!(fs::read(&path).unwrap(), content);
        assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 1);
    }
}

#[tokio::test]
async fn the_database_of_another_program_is_left_as_it_is() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("other.db");
    let other = rusqlite::Connection::open(&path).unwrap();
    other.execute_batch("CREATE TABLE groceries(name TEXT); PRAGMA user_version = 1;").unwrap();
    other.close().unwrap();
    let before = fs::read(&path).unwrap();
    let error = refusal(&format!("sqlite:{}", path.display())).await;
    assert!(error.contains("other.db is the database of another program"), "{error}");
    assert_eq!(fs::read(&path).unwrap(), before);
    assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 1);
}

#[tokio::test]
async fn a_newer_schema_is_refused_and_says_that_the_program_is_old() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("inbox.db");
    let url = format!("sqlite:{}", path.display());
    Inbox::open(&url).await.unwrap().close().await.unwrap();
    let newer = rusqlite::Connection::open(&path).unwrap();
    newer.pragma_update(None, "user_version", 99).unwrap();
    newer.close().unwrap();
    let error = refusal(&url).await;
    assert!(error.contains("version 99") && error.contains("update the program"), "{error}");
}

/// SQLite reads some characters of a path as an address.
#[cfg(unix)]
#[tokio::test]
async fn a_file_is_opened_again_whatever_its_path_contains() {
    use std::os::unix::fs::symlink;

    let folder = tempfile::tempdir().unwrap();
    for (number, name) in ["a%20b", "a#b", "a b", "file:x", "é&=;"].into_iter().enumerate() {
        for slashes in ["", "//", "///"] {
            let path = format!("{slashes}{}", folder.path().join(name).display());
            let inbox = Inbox::open(&format!("sqlite:{path}.db")).await.unwrap();
            inbox.keep(&numbered(number)).await.unwrap();
            assert_eq!(inbox.list(&Filter::all(), None, 9).await.unwrap().len(), 1, "{path}");
            inbox.close().await.unwrap();
        }
        assert!(folder.path().join(format!("{name}.db")).is_file(), "{name}");
    }
    // Reached only through a link.
    let target = folder.path().join("what?");
    symlink(&target, folder.path().join("link")).unwrap();
    for _ in 0..2 {
        let url = format!("sqlite:{}", folder.path().join("link").display());
        Inbox::open(&url).await.unwrap().close().await.unwrap();
    }
    assert!(target.is_file());
    symlink("loop", folder.path().join("loop")).unwrap();
    let error = refusal(&format!("sqlite:{}", folder.path().join("loop").display())).await;
    assert!(error.contains("too many symbolic links"), "{error}");
}

/// A connection would go on writing into the file that nobody sees any more, and acknowledge what is lost.
#[cfg(unix)]
#[tokio::test]
async fn a_file_that_is_deleted_or_replaced_while_it_is_in_use_is_an_error() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("inbox.db");
    let moved = folder.path().join("moved.db");
    let inbox = Inbox::open(&format!("sqlite:{}", path.display())).await.unwrap();
    inbox.keep(&numbered(1)).await.unwrap();
    fs::rename(&path, &moved).unwrap();
    for _ in 0..2 {
        let error = inbox.keep(&numbered(2)).await.unwrap_err();
        assert_eq!(error.kind(), ErrorKind::Unavailable);
        assert!(error.to_string().contains("deleted or replaced"), "{error}");
    }
    fs::write(&path, b"").unwrap();
    assert!(inbox.keep(&numbered(2)).await.is_err());
    fs::rename(&moved, &path).unwrap();
    inbox.keep(&numbered(2)).await.unwrap();
    assert_eq!(inbox.list(&Filter::all(), None, 9).await.unwrap().len(), 2);
}

/// What was committed may be in the log alone: nothing more is acknowledged into one that nobody finds.
#[cfg(unix)]
#[tokio::test]
async fn a_log_that_is_deleted_while_it_is_in_use_is_an_error_and_loses_nothing() {
    // The log is beside the file, not beside a link to it. A link to no file leads to a new one.
    for (is_link, kept_before) in [(false, 1), (false, 0), (true, 1), (true, 0)] {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("inbox.db");
        let path = if is_link { folder.path().join("link.db") } else { file.clone() };
        if is_link {
            std::os::unix::fs::symlink("inbox.db", &path).unwrap();
        }
        let url = format!("sqlite:{}", path.display());
        let inbox = Inbox::open(&url).await.unwrap();
        for number in 0..kept_before {
            inbox.keep(&numbered(number)).await.unwrap();
        }
        fs::remove_file(format!("{}-wal", file.display())).unwrap();
        for _ in 0..2 {
            let error = inbox.keep(&numbered(7)).await.unwrap_err();
            assert_eq!(error.kind(), ErrorKind::Unavailable);
            assert!(error.to_string().contains("-wal was deleted or replaced"), "{error}");
        }
        inbox.close().await.unwrap();
        let inbox = Inbox::open(&url).await.unwrap();
        inbox.keep(&numbered(7)).await.unwrap();
        let rows = inbox.list(&Filter::all(), None, 9).await.unwrap();
        let keys: Vec<_> = rows.iter().map(|row| row.key.as_str()).collect();
        assert_eq!(keys, ["id:0", "id:7"][1 - kept_before..]);
        assert!(inbox.check(true).await.unwrap().is_sound());
    }
}

/// A checkpoint writes the first page first: after a crash, the header counts pages that are only in the log.
#[tokio::test]
async fn a_checkpoint_that_a_crash_interrupted_is_no_reason_to_refuse() {
    let place = Place::sqlite();
    place.open().await.close().await.unwrap();
    let inbox = place.open().await;
    // So many that the log has new pages, and with them the first.
    for number in 0..50 {
        inbox.keep(&numbered(number)).await.unwrap();
    }
    let crashed = Place::sqlite();
    let (from, to) =
        (place.url.strip_prefix("sqlite:").unwrap(), crashed.url.strip_prefix("sqlite:").unwrap());
    let mut file = fs::read(from).unwrap();
    let log = fs::read(format!("{from}-wal")).unwrap();
    // The number of pages, and the two counters that say that it is valid.
    file[28..32].copy_from_slice(&u32::MAX.to_be_bytes());
    file.copy_within(24..28, 92);
    fs::write(to, &file).unwrap();
    fs::write(format!("{to}-wal"), &log).unwrap();
    let inbox = crashed.open().await;
    assert_eq!(inbox.list(&Filter::all(), None, 99).await.unwrap().len(), 50);
    assert!(inbox.check(true).await.unwrap().is_sound());
}

/// Who closes a file drops all locks that its process has on it, and another program may then delete a log that is in
/// use. SQLite keeps a file open for that reason.
#[cfg(target_os = "linux")]
#[tokio::test]
async fn a_second_opening_in_one_process_keeps_the_locks_of_the_first() {
    use std::os::unix::fs::MetadataExt;

    let place = Place::sqlite();
    let first = place.open().await;
    first.keep(&numbered(1)).await.unwrap();
    let file = fs::metadata(place.url.strip_prefix("sqlite:").unwrap()).unwrap().ino();
    let locks = || {
        let locks = fs::read_to_string("/proc/locks").unwrap();
        locks.lines().filter(|line| line.contains(&format!(":{file} "))).count()
    };
    assert_eq!(locks(), 1);
    let second = place.open().await;
    assert_eq!(locks(), 1);
    second.close().await.unwrap();
    assert_eq!(locks(), 1);
}

#[cfg(unix)]
#[tokio::test]
async fn only_its_owner_reads_the_file() {
    use std::os::unix::fs::PermissionsExt;

    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("inbox.db");
    let inbox = Inbox::open(&format!("sqlite:{}", path.display())).await.unwrap();
    inbox.keep(&numbered(1)).await.unwrap();
    for file in fs::read_dir(folder.path()).unwrap() {
        let file = file.unwrap();
        assert_eq!(file.metadata().unwrap().permissions().mode() & 0o077, 0, "{:?}", file.path());
    }
}

on_every_store! {
    async fn eight_openings_of_a_new_inbox_at_the_same_time_all_succeed(place: Place) {
        let openings: Vec<_> = (0..8)
            .map(|number| {
                let url = place.url.clone();
                tokio::spawn(async move { Inbox::open(&url).await?.keep(&numbered(number)).await })
            })
            .collect();
        for opening in openings {
            opening.await.unwrap().unwrap();
        }
        assert_eq!(place.open().await.list(&Filter::all(), None, 99).await.unwrap().len(), 8);
    }

    async fn replay_and_prune_want_a_filter_or_all(place: Place) {
        let inbox = place.open().await;
        inbox.keep(&numbered(1)).await.unwrap();
        let refused = inbox.replay(&Filter::default(), None).await.unwrap_err();
        assert_eq!(refused.kind(), ErrorKind::Misuse);
        assert!(refused.to_string().contains("all of them"), "{refused}");
        assert_eq!(inbox.prune(&Prune::of(Filter::default())).await.unwrap_err().kind(), ErrorKind::Misuse);
        assert_eq!(inbox.replay(&Filter::all(), None).await.unwrap(), 0);
        assert_eq!(inbox.prune(&Prune::before(Utc::now() - chrono::TimeDelta::days(1))).await.unwrap(), 0);
        assert_eq!(inbox.prune(&Prune::of(Filter::all())).await.unwrap(), 1);
    }

    async fn names_that_no_index_takes_are_refused(place: Place) {
        let inbox = place.open().await;
        let key = webhook_core::IdempotencyKey::vendor("1");
        for (vendor, route) in [("", ""), ("a\0", ""), ("qase", "\0"), ("qase", &*"r".repeat(4096))] {
            let new = NewDelivery::raw(vendor, &key, "{}").at_route(route);
            assert_eq!(inbox.keep_raw(new).await.unwrap_err().kind(), ErrorKind::Misuse);
        }
        let error = inbox.replay(&Filter::all(), Some("nobody")).await.unwrap_err();
        assert!(error.to_string().contains("`nobody`"), "{error}");
    }
}

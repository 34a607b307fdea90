//! Lines of files, and the bytes in them.

use std::fs;

use base64::Engine as _;
use base64::prelude::BASE64_STANDARD;
use serde_json::Value;
use webhook_inbox::sinks::{FileSink, Rotation};

use crate::bench::Bench;

#[tokio::test]
async fn every_delivery_is_a_line_with_its_exact_body() {
    let bench = Bench::new().await;
    let row = bench.keep_run().await;
    bench.keep_bytes(b"\xff\n\x00".to_vec()).await;
    let path = bench.folder.path().join("all.ndjson");
    let sink = FileSink::open(&path, Rotation::Never).unwrap();
    assert_eq!(bench.drain(sink).await.done, 2);
    let text = fs::read_to_string(&path).unwrap();
    let lines: Vec<Value> = text.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    let body = bench.inbox.get(row.seq).await.unwrap().unwrap().body;
    assert_eq!(lines[0]["body"].as_str().unwrap().as_bytes(), body);
    assert_eq!(lines[0]["vendor"], "qase");
    assert_eq!(lines[0]["key"], row.key);
    assert_eq!(BASE64_STANDARD.decode(lines[1]["body_base64"].as_str().unwrap()).unwrap(), b"\xff\n\x00");
}

#[tokio::test]
async fn no_line_is_lost_over_many_files_and_many_handlers() {
    let bench = Bench::new().await;
    bench.keep_numbered(60).await;
    let path = bench.folder.path().join("all.ndjson");
    let sink = FileSink::open(&path, Rotation::Size(1_000)).unwrap();
    let running = crate::bench::start(bench.consumer(sink).concurrency(8));
    bench.until(|counts| counts.done == Some(60)).await;
    running.stop().await;
    let mut seen: Vec<i64> = Vec::new();
    let mut files = 0;
    for entry in fs::read_dir(&bench.folder).unwrap() {
        let path = entry.unwrap().path();
        if path.extension().is_some_and(|extension| extension == "ndjson") {
            files += 1;
            let text = fs::read_to_string(path).unwrap();
            assert!(text.len() <= 1_000);
            seen.extend(text.lines().map(|line| {
                let line: Value = serde_json::from_str(line).unwrap();
                line["seq"].as_i64().unwrap()
            }));
        }
    }
    seen.sort_unstable();
    assert_eq!(seen, (1..=60).collect::<Vec<_>>());
    assert!(files > 5, "{files}");
}

#[tokio::test]
async fn only_its_owner_reads_the_file() {
    use std::os::unix::fs::PermissionsExt as _;

    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("all.ndjson");
    FileSink::open(&path, Rotation::Never).unwrap();
    assert_eq!(fs::metadata(&path).unwrap().permissions().mode() & 0o777, 0o600);
    // The mode of a file that was there is not changed.
    fs::set_permissions(&path, fs::Permissions::from_mode(0o640)).unwrap();
    FileSink::open(&path, Rotation::Never).unwrap();
    assert_eq!(fs::metadata(&path).unwrap().permissions().mode() & 0o777, 0o640);
}

#[tokio::test]
async fn a_full_disk_is_a_failure_that_is_tried_again() {
    let bench = Bench::new().await;
    bench.keep_numbered(1).await;
    let sink = FileSink::open("/dev/full", Rotation::Never).unwrap();
    let running = crate::bench::start(bench.consumer(sink).max_attempts(2));
    bench.until(|counts| counts.dead == 1).await;
    running.stop().await;
    let notes = bench.notes().await;
    assert!(notes.iter().all(|note| note.contains("No space left")) && notes.len() == 2, "{notes:?}");
}

#[tokio::test]
async fn a_file_that_cannot_be_used_is_named() {
    let error = FileSink::open("/no/such/folder/all.ndjson", Rotation::Never).unwrap_err().to_string();
    assert!(error.starts_with("failed to use the file /no/such/folder/all.ndjson: "), "{error}");
}

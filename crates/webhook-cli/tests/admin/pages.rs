//! What the pages say, without a browser.

use crate::process::{Process, SECRET};
use crate::store::{HOSTILE, Store, keep_many};

/// How many bytes a page has at most, whatever was sent.
const MAX_PAGE_BYTES: usize = 2 * 1024 * 1024;

fn rows(body: &str) -> Vec<i64> {
    body.split("data-seq=\"").skip(1).map(|rest| rest.split('"').next().unwrap().parse().unwrap()).collect()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_list_has_the_newest_first_and_every_filter_selects() {
    let store = Store::filled().await;
    let process = Process::start(&store.url, &[]);
    for (query, expected) in [
        ("", vec![6, 5, 4, 3, 2, 1]),
        ("?vendor=deepsource", vec![4]),
        ("?vendor=&event=run.*", vec![6, 3, 2, 1]),
        ("?event=test.event", vec![4]),
        ("?account=ORBIT", vec![6, 3, 2, 1]),
        ("?state=dead", vec![4]),
        ("?state=dead&sink=archive", vec![]),
        ("?state=done&sink=tickets", vec![6, 5, 3, 2, 1]),
        ("?key=evt-4", vec![4]),
        ("?from=2020-01-01T00:00", vec![6, 5, 4, 3, 2, 1]),
        ("?before=2020-01-01T00:00", vec![]),
        ("?after=3", vec![2, 1]),
        ("?after=x", vec![6, 5, 4, 3, 2, 1]),
    ] {
        let answer = process.get(&format!("/{query}"));
        assert_eq!(answer.status, 200, "{query}: {}", answer.body);
        assert_eq!(rows(&answer.body), expected, "{query}");
        let live = process.get(&format!("/live{query}"));
        assert_eq!(rows(&live.body), expected, "{query}");
    }
    for query in ["?state=lost", "?from=yesterday"] {
        let answer = process.get(&format!("/{query}"));
        assert_eq!(answer.status, 400, "{query}: {}", answer.body);
        assert!(answer.body.contains("expected one"), "{query}: {}", answer.body);
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn pages_cover_the_store_once_and_keep_the_filter() {
    let store = Store::new();
    let inbox = store.open().await;
    for number in 0..120 {
        crate::store::keep(&inbox, &crate::store::qase(number, "")).await;
    }
    let process = Process::start(&store.url, &[]);
    let (mut path, mut seen) = ("/?vendor=qase".to_owned(), Vec::new());
    loop {
        let page = process.get(&path).body;
        seen.extend(rows(&page));
        let Some((before, _)) = page.split_once("\">Older</a>") else { break };
        let (_, link) = before.rsplit_once("href=\"").unwrap();
        assert!(link.contains("vendor=qase"), "{link}");
        path = link.replace("&amp;", "&");
    }
    assert_eq!(seen.len(), 120);
    assert!(seen.is_sorted_by(|a, b| a > b), "{seen:?}");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_delivery_shows_its_payload_its_reading_its_drift_and_its_attempts() {
    let store = Store::filled().await;
    let process = Process::start(&store.url, &[]);
    let drift = process.get("/deliveries/3").body;
    let marked = drift.lines().find(|line| line.contains("<mark>")).expect("drift is marked at its place");
    assert!(marked.contains("flaky_rate") && marked.contains("0.25"), "{marked}");
    let (_, said) = marked.split_once("</mark>").unwrap();
    assert!(said.contains("unknown field"), "{marked}");
    assert!(drift.contains("<code><bdi>payload.flaky_rate</bdi></code>"), "{drift}");
    let (_, typed) = drift.split_once("Decoded payload").unwrap();
    assert!(typed.contains("cases") && !typed.contains("flaky_rate"), "{typed}");
    let dead = process.get("/deliveries/4").body;
    assert!(dead.contains("tickets</bdi>: dead (3 attempts)"), "{dead}");
    assert_eq!(
        dead.matches("502 from http://tickets.example/").count(),
        4,
        "each attempt and the last failure"
    );
    assert_eq!(process.get("/deliveries/99").status, 404);
    assert_eq!(process.get("/deliveries/99/body").status, 404);
    assert_eq!(process.get("/deliveries/-1/curl").status, 404);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn nothing_of_a_sender_is_markup_and_no_page_is_large() {
    let store = Store::filled().await;
    let process = Process::start(&store.url, &[]);
    for path in ["/", "/live", "/deliveries/5", "/deliveries/6", "/deliveries/3", "/login", "/nothing"] {
        let page = process.get(path).body;
        assert!(page.len() < MAX_PAGE_BYTES, "{path}: {}", page.len());
        assert!(
            !page.contains("<img") && !page.contains('\u{202e}') && !page.contains('\u{2066}'),
            "{path}: {page}"
        );
        assert!(!page.contains("href=\"javascript"), "{path}");
        assert!(!page.contains(" style=") && !page.contains("<style"), "{path}: no style inside the page");
        for script in page.split("<script").skip(1) {
            assert!(script.starts_with(" src=\"/script.js\" defer></script>"), "{path}: {script}");
        }
        let elsewhere =
            page.split(['"', ' ']).filter(|word| word.starts_with("src=http") || word.starts_with("//"));
        assert_eq!(elsewhere.count(), 0, "{path}: no request to another host");
        assert!(!page.contains(SECRET), "{path}");
    }
    let hostile = process.get("/deliveries/5").body;
    assert!(hostile.contains("\\u{202e}gpj.exe"), "what reorders text is shown: {hostile}");
    let large = process.get("/deliveries/6").body;
    assert!(large.contains("more bytes") && large.len() < 64 * 1024, "{}", large.len());
    let body = process.get("/deliveries/6/body");
    assert!(body.head.contains("content-type: application/octet-stream"), "{}", body.head);
    assert!(body.head.contains("content-disposition: attachment"), "{}", body.head);
    let fixture = process.get("/deliveries/5/fixture");
    assert!(fixture.head.contains("content-type: text/plain"), "{}", fixture.head);
    assert!(fixture.body.contains("<script>") && HOSTILE.contains("<script>"), "the exact bytes, as text");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_search_for_what_is_rare_says_how_far_it_looked_and_goes_on() {
    let store = Store::new();
    keep_many(&store.open().await, 10_010).await;
    let process = Process::start(&store.url, &[]);
    let page = process.get("/?event=run.started");
    assert_eq!(page.status, 200);
    assert!(page.body.contains("No delivery matches so far."), "{}", page.body);
    assert!(page.body.contains("Searched the deliveries 10010 back to 11."), "{}", page.body);
    assert!(page.body.contains("Search older"), "{}", page.body);
    let page = process.get(&next(&page.body));
    assert!(page.body.contains("/deliveries/") && page.body.contains("run.started"), "{}", page.body);
    assert!(!page.body.contains("Search older") && !page.body.contains("back to"), "{}", page.body);
    // What fits often fills its page, and the dead are found wherever they are.
    let page = process.get("/?event=run.completed");
    assert!(page.body.contains(">Older<") && !page.body.contains("back to"), "{}", page.body);
    let page = process.get("/?state=dead");
    assert!(page.body.contains("No delivery matches.") && !page.body.contains("back to"), "{}", page.body);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_search_in_a_time_begins_at_its_end_and_says_how_far_it_looked() {
    let store = Store::new();
    keep_many(&store.open().await, 12_000).await;
    // One in a second: number 11,500 at 15:11:40, and number 1,500 at 12:25.
    store.receive_at("1772366400000 + seq * 1000").await;
    let process = Process::start(&store.url, &[]);
    let page = process.get("/?event=run.started&before=2026-03-01T15:11:40Z").body;
    assert!(numbers(&page).is_empty(), "{page}");
    assert!(page.contains("Searched the deliveries 11499 back to 1500."), "{page}");
    let page = process.get(&next(&page)).body;
    assert_eq!(numbers(&page).len(), 1, "{page}");
    assert!(!page.contains("Search older"), "{page}");
    let page = process.get("/?event=none&from=2026-03-01T12:25").body;
    assert!(page.contains("Searched the deliveries 12000 back to 2001."), "{page}");
    let page = process.get(&next(&page)).body;
    assert!(page.contains("No delivery matches.") && !page.contains("Search older"), "{page}");
    let page = process.get("/?before=2026-03-01T12:25").body;
    assert_eq!(numbers(&page), (1450..1500).rev().collect::<Vec<_>>());
    assert_eq!(numbers(&process.get(&next(&page)).body), (1400..1450).rev().collect::<Vec<_>>());
}

/// What was received in a time may have any number.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_time_has_what_was_received_after_the_clock_was_set_back() {
    let store = Store::new();
    keep_many(&store.open().await, 12_000).await;
    // As above, but for the last ten: number 12,000 came at the time of number 1,000.
    store.receive_at("1772366400000 + seq * 1000 - (seq > 11990) * 11000000").await;
    let process = Process::start(&store.url, &[]);
    let page = process.get("/?before=2026-03-01T12:16:41Z").body;
    let pairs = (991..=1000).rev().flat_map(|number| [number + 11_000, number]);
    assert_eq!(numbers(&page), pairs.chain((961..=990).rev()).collect::<Vec<_>>());
    assert_eq!(numbers(&process.get(&next(&page)).body), (911..=960).rev().collect::<Vec<_>>());
    let page = process.get("/?event=run.started&before=2026-03-01T12:16:41Z").body;
    assert_eq!(numbers(&page).len(), 1, "{page}");
    assert!(!page.contains("Search older"), "{page}");
}

/// The numbers of the deliveries on a page.
fn numbers(page: &str) -> Vec<u32> {
    let rows = page.split("data-seq=\"").skip(1);
    rows.map(|row| row.split('"').next().unwrap().parse().unwrap()).collect()
}

/// The path of the next page.
fn next(page: &str) -> String {
    let (_, rest) = page.split_once(r#"rel="next" href=""#).unwrap();
    rest.split('"').next().unwrap().replace("&amp;", "&")
}

//! The views in a real browser.

use fantoccini::Locator::Css;
use fantoccini::{Client, elements::Element};

use crate::browser::Browser;
use crate::process::Process;
use crate::store::{Store, keep, pending, qase};

/// The live part may replace an element between finding it and reading it; then it is found again.
async fn texts(client: &Client, selector: &str) -> Vec<String> {
    'again: loop {
        let mut texts = Vec::new();
        for element in client.find_all(Css(selector)).await.unwrap() {
            match element.text().await {
                Err(error) if error.is_stale_element_reference() => continue 'again,
                text => texts.push(text.unwrap()),
            }
        }
        return texts;
    }
}

async fn element(client: &Client, selector: &str) -> Element {
    client.wait().for_element(Css(selector)).await.unwrap()
}

/// As [`texts`], for a click.
async fn click(client: &Client, selector: &str) {
    loop {
        match element(client, selector).await.click().await {
            Err(error) if error.is_stale_element_reference() => {}
            clicked => return clicked.unwrap(),
        }
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_person_lists_filters_looks_and_replays() {
    let Some(browser) = Browser::start().await else { return };
    let store = Store::filled().await;
    let process = Process::start(&store.url, &[]);
    let client = &browser.client;
    client.goto(&process.url("/")).await.unwrap();
    assert_eq!(texts(client, "#rows th").await, ["6", "5", "4", "3", "2", "1"]);
    assert_eq!(client.title().await.unwrap(), "Deliveries · webhooks");
    // By the glance at dead letters to the one that is dead.
    click(client, ".overview a.dead").await;
    element(client, "input[name=sink][value=tickets]").await;
    assert_eq!(texts(client, "#rows th").await, ["4"]);
    // By the form, which keeps what was asked for.
    client.goto(&process.url("/")).await.unwrap();
    element(client, "input[name=event]").await.send_keys("run.*").await.unwrap();
    click(client, ".filter button").await;
    element(client, "input[name=event][value='run.*']").await;
    assert_eq!(texts(client, "#rows th").await, ["6", "3", "2", "1"]);
    // Drift is marked at its place.
    client.goto(&process.url("/deliveries/3")).await.unwrap();
    let marked = texts(client, "mark").await;
    assert_eq!(marked.len(), 1, "{marked:?}");
    assert!(marked[0].contains("flaky_rate"), "{marked:?}");
    // Replay.
    let inbox = store.open().await;
    client.goto(&process.url("/deliveries/4")).await.unwrap();
    assert_eq!(pending(&inbox, 4).await, 1);
    click(client, "form[action='/deliveries/4/replay'] button").await;
    let said = element(client, "p.done").await.text().await.unwrap();
    assert_eq!(said, "Replayed: pending again at 1 sink.");
    assert_eq!(pending(&inbox, 4).await, 2);
    // Copying says how it went, in the region that a screen reader speaks.
    click(client, "[data-copy$=curl]").await;
    element(client, "#status:not(:empty)").await;
    assert_eq!(browser.console().await, [] as [&str; 0]);
    browser.end().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_list_grows_while_it_is_open_and_the_focus_stays() {
    let Some(browser) = Browser::start().await else { return };
    let store = Store::filled().await;
    let inbox = store.open().await;
    let process = Process::start(&store.url, &[]);
    let client = &browser.client;
    client.goto(&process.url("/?vendor=qase")).await.unwrap();
    client.execute("document.querySelector('tr[data-seq=\"1\"] a').focus()", vec![]).await.unwrap();
    let new = keep(&inbox, &qase(70, "")).await;
    element(client, &format!("tr.fresh[data-seq='{new}']")).await;
    assert_eq!(texts(client, "#rows th").await[0], new.to_string());
    assert_eq!(texts(client, "#status").await, ["1 new delivery."]);
    let focus = client.active_element().await.unwrap().text().await.unwrap();
    assert_eq!(focus, "1");
    // What changes in a row is seen too, and a filter holds.
    keep(&inbox, &qase(70, "")).await;
    let other = keep(&inbox, r#"{"id":"evt-9","type":"test.event","createdAt":1,"data":{}}"#).await;
    client
        .wait()
        .for_element(fantoccini::Locator::XPath(&format!("//tr[@data-seq='{new}']/td[6][text()='2']")))
        .await
        .unwrap();
    assert!(client.find(Css(&format!("tr[data-seq='{other}']"))).await.is_err());
    // It can be stopped.
    click(client, "#live button").await;
    let unseen = keep(&inbox, &qase(71, "")).await;
    tokio::time::sleep(std::time::Duration::from_secs(5)).await;
    assert!(client.find(Css(&format!("tr[data-seq='{unseen}']"))).await.is_err());
    click(client, "#live button").await;
    element(client, &format!("tr[data-seq='{unseen}']")).await;
    assert_eq!(browser.console().await, [] as [&str; 0]);
    // A process that ends is said so.
    drop(process);
    client
        .wait()
        .for_element(fantoccini::Locator::XPath("//*[@id='status'][text()='The process does not answer.']"))
        .await
        .unwrap();
    browser.end().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_hostile_payload_does_nothing() {
    let Some(browser) = Browser::start().await else { return };
    let store = Store::filled().await;
    let process = Process::start(&store.url, &[]);
    let client = &browser.client;
    for path in ["/", "/deliveries/5", "/deliveries/6", "/deliveries/5/fixture", "/deliveries/5/curl"] {
        client.goto(&process.url(path)).await.unwrap();
        tokio::time::sleep(std::time::Duration::from_millis(300)).await;
        assert_ne!(client.title().await.unwrap(), "owned", "{path}");
        let foreign = "return document.querySelectorAll('img, iframe, object, script:not([src=\"/script.js\"])').length";
        assert_eq!(client.execute(foreign, vec![]).await.unwrap(), 0, "{path}");
    }
    // The live part puts what it reads into the page.
    client.goto(&process.url("/?account=nobody")).await.unwrap();
    client.execute("document.getElementById('live').dataset.live = '/live'", vec![]).await.unwrap();
    element(client, "tr[data-seq='5']").await;
    assert_eq!(client.title().await.unwrap(), "Deliveries · webhooks");
    assert_eq!(browser.console().await, [] as [&str; 0]);
    browser.end().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn without_the_script_everything_but_the_live_part_works() {
    let Some(browser) = Browser::start().await else { return };
    let store = Store::filled().await;
    let process = Process::start(&store.url, &[]);
    let client = &browser.client;
    browser.scripts(false).await;
    client.goto(&process.url("/?state=dead")).await.unwrap();
    assert!(client.find(Css("#live button")).await.is_err());
    click(client, "#rows a").await;
    element(client, "#payload").await;
    assert!(!element(client, "[data-copy$=curl]").await.is_displayed().await.unwrap());
    element(client, "a[href='/deliveries/4/curl']").await;
    click(client, "form[action='/deliveries/4/replay'] button").await;
    element(client, "p.done").await;
    browser.scripts(true).await;
    browser.end().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_keyboard_reaches_everything_and_a_screen_reader_has_names() {
    let Some(browser) = Browser::start().await else { return };
    let store = Store::filled().await;
    let process = Process::start(&store.url, &[]);
    let client = &browser.client;
    for path in ["/", "/deliveries/4"] {
        client.goto(&process.url(path)).await.unwrap();
        client.find(Css("body")).await.unwrap().send_keys("\u{e004}").await.unwrap();
        assert_eq!(client.active_element().await.unwrap().text().await.unwrap(), "Skip to content", "{path}");
        // Every control has a name, every table has headings, and no heading level is left out.
        let faults = client
            .execute(
                r#"
                const faults = [];
                for (const control of document.querySelectorAll("a, button, input:not([type=hidden]), select")) {
                  const name = control.getAttribute("aria-label") || control.textContent.trim()
                    || [...(control.labels ?? [])].map((label) => label.textContent.trim()).join("");
                  if (!name) faults.push(control.outerHTML);
                  if (control.tabIndex < 0) faults.push("not by keyboard: " + control.outerHTML);
                }
                for (const cell of document.querySelectorAll("th")) if (!cell.scope) faults.push(cell.outerHTML);
                const ids = [...document.querySelectorAll("[id]")].map((element) => element.id);
                for (const id of new Set(ids)) if (ids.filter((other) => other === id).length > 1) faults.push("twice: " + id);
                let level = 0;
                for (const heading of document.querySelectorAll("h1, h2, h3")) {
                  if (heading.tagName[1] > level + 1) faults.push(heading.outerHTML);
                  level = Number(heading.tagName[1]);
                }
                if (!document.documentElement.lang) faults.push("no language");
                return faults;
                "#,
                vec![],
            )
            .await
            .unwrap();
        assert_eq!(faults, serde_json::json!([]), "{path}");
    }
    browser.end().await;
}

/// Every view in light and dark, as files to look at; and every text has the contrast that makes it readable.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn every_view_is_readable_in_light_and_dark() {
    const CONTRAST: &str = include_str!("contrast.js");
    let Some(browser) = Browser::start().await else { return };
    let store = Store::filled().await;
    let file = store.path("token");
    std::fs::write(&file, "a-token-of-some-length").unwrap();
    let process = Process::start(&store.url, &[]);
    let other = Store::new();
    let locked = Process::start(&other.url, &["--admin-token-file", file.to_str().unwrap()]);
    let folder = std::path::Path::new(env!("CARGO_TARGET_TMPDIR")).join("admin");
    std::fs::create_dir_all(&folder).unwrap();
    let client = &browser.client;
    for scheme in ["light", "dark"] {
        browser.prefer(scheme).await;
        for (name, url) in [
            ("list", process.url("/")),
            ("dead", process.url("/?state=dead")),
            ("none", process.url("/?account=nobody")),
            ("drift", process.url("/deliveries/3#payload")),
            ("attempts", process.url("/deliveries/4")),
            ("hostile", process.url("/deliveries/5")),
            ("large", process.url("/deliveries/6")),
            ("missing", process.url("/deliveries/99")),
            ("login", locked.url("/")),
        ] {
            client.goto(&url).await.unwrap();
            let faint = client.execute(CONTRAST, vec![]).await.unwrap();
            assert_eq!(faint, serde_json::json!([]), "{name} in {scheme}");
            let back = client
                .execute("return getComputedStyle(document.body).backgroundColor", vec![])
                .await
                .unwrap();
            assert_eq!(back == "rgb(255, 255, 255)", scheme == "light", "{name}: {back}");
            std::fs::write(folder.join(format!("{name}-{scheme}.png")), client.screenshot().await.unwrap())
                .unwrap();
        }
    }
    client.set_window_size(420, 900).await.unwrap();
    client.goto(&process.url("/")).await.unwrap();
    std::fs::write(folder.join("list-narrow.png"), client.screenshot().await.unwrap()).unwrap();
    let wide = "return document.documentElement.scrollWidth - document.documentElement.clientWidth";
    assert_eq!(client.execute(wide, vec![]).await.unwrap(), 0, "a narrow window does not scroll sideways");
    browser.end().await;
}

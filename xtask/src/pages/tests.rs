use std::fs;
use std::path::PathBuf;
use std::sync::atomic::{AtomicUsize, Ordering};

use super::source::{self, Item};
use super::{FIX, links, rules, traps, updated};
use crate::generated::Mode;
use crate::vendor::Vendor;

/// The sources of a crate in a folder of its own, which goes with it.
struct Sources(PathBuf);

impl Sources {
    fn new(files: &[(&str, &str)]) -> Self {
        static COUNT: AtomicUsize = AtomicUsize::new(0);
        let number = COUNT.fetch_add(1, Ordering::Relaxed);
        let folder = std::env::temp_dir().join(format!("xtask-pages-{}-{number}", std::process::id()));
        for (name, text) in files {
            let path = folder.join(name);
            fs::create_dir_all(path.parent().unwrap()).unwrap();
            fs::write(path, text).unwrap();
        }
        Self(folder)
    }

    fn items(&self) -> Vec<Item> {
        source::items(&self.0.join("lib.rs")).unwrap()
    }

    fn traps(&self) -> anyhow::Result<String> {
        traps::section(&self.0, &self.items())
    }
}

impl Drop for Sources {
    fn drop(&mut self) {
        let _ = fs::remove_dir_all(&self.0);
    }
}

#[test]
fn changes_by_hand_within_a_section_are_found_and_removed() {
    let path = Vendor::Qase.crate_root().join("README.md");
    let page = fs::read_to_string(path).unwrap();
    for (from, to) in [
        ("| 15 s |", "| 10 s |"),
        ("- [`RunTotals`]", "- [`RunTotals`] and more"),
        ("constant.RESPONSE_TIMEOUT.html", "constant.TIMEOUT.html"),
    ] {
        let edited = page.replace(from, to);
        assert_ne!(edited, page, "{from} is not on the page");
        let (fixed, _) = updated(Vendor::Qase, &edited).unwrap();
        assert_eq!(fixed, page);
        let sources = Sources::new(&[("README.md", &edited)]);
        let error = Mode::Check.file(&sources.0.join("README.md"), &fixed, FIX).unwrap_err();
        assert!(error.to_string().ends_with("update it with: cargo xtask pages"), "{error}");
    }
}

#[test]
fn text_around_the_sections_is_kept() {
    let page = fs::read_to_string(Vendor::Qase.crate_root().join("README.md")).unwrap();
    let edited = page.replace("## Traps\n", "## Traps and more\n");
    assert_ne!(edited, page);
    assert_eq!(updated(Vendor::Qase, &edited).unwrap().0, edited);
}

#[test]
fn a_page_without_a_section_is_an_error() {
    let page = fs::read_to_string(Vendor::Qase.crate_root().join("README.md")).unwrap();
    let error = updated(Vendor::Qase, &page.replace("<!-- /traps -->", "")).unwrap_err();
    assert!(error.to_string().contains("<!-- /traps -->"), "{error}");
}

#[test]
fn items_are_found_where_the_documentation_shows_them() {
    let sources = Sources::new(&[
        ("lib.rs", "mod hidden;\npub mod shown;\npub use hidden::{Kept};\n"),
        (
            "hidden.rs",
            "/// Kept.\npub struct Kept { /// A field.\n pub field: u8, private: u8 }\n\
             impl Kept { /// A method.\n pub fn method(&self) {} }\n\
             pub struct Left;",
        ),
        (
            "shown.rs",
            "//! Shown.\nmod deep;\npub use deep::Deep;\n\
             webhook_core::text_id! { /// An id.\n pub struct Id; }\n\
             events! { pub enum Event; pub enum EventName; page \"https://example.com\" {\n\
             /// made\n///\n/// More.\n Made(Box<Kept>) = \"made\", Seen; } else { /// Any.\n Other; } }",
        ),
        ("shown/deep.rs", "pub enum Deep { /// One.\n One }"),
    ]);
    let items = sources.items();
    let pages: Vec<_> = items.iter().map(|item| (&*item.path, &*item.page)).collect();
    assert_eq!(
        pages,
        [
            ("Kept", "struct.Kept.html"),
            ("Kept::field", "struct.Kept.html#structfield.field"),
            ("Kept::method", "struct.Kept.html#method.method"),
            ("shown", "shown/index.html"),
            ("shown::Deep", "shown/enum.Deep.html"),
            ("shown::Deep::One", "shown/enum.Deep.html#variant.One"),
            ("shown::Id", "shown/struct.Id.html"),
            ("shown::Event", "shown/enum.Event.html"),
            ("shown::Event::Made", "shown/enum.Event.html#variant.Made"),
            ("shown::Event::Other", "shown/enum.Event.html#variant.Other"),
            ("shown::EventName", "shown/enum.EventName.html"),
        ]
    );
    let docs = |path: &str| -> Vec<String> {
        items.iter().find(|item| item.path == path).unwrap().paragraphs().collect()
    };
    assert_eq!(docs("shown"), ["Shown."]);
    assert_eq!(docs("shown::Event::Made"), ["made", "More."]);
}

#[test]
fn a_trap_is_listed_with_a_link_to_its_item() {
    let sources = Sources::new(&[
        ("lib.rs", "pub mod run;\n"),
        (
            "run.rs",
            "/// A run.\npub struct Run {\n/// The end.\n///\n/// **Trap:** not\n/// the [`start`](Self::start).\n\
             pub end: u8,\n/// The start.\npub start: u8 }",
        ),
    ]);
    assert_eq!(
        sources.traps().unwrap(),
        "- [`Run::end`][run::Run::end]: not the [`start`][run::Run::start].\n"
    );
}

#[test]
fn a_trap_that_the_documentation_does_not_show_is_an_error() {
    for source in [
        "/// A run.\n///\n/// **Trap:** it is private.\nstruct Run;",
        "/// A run. **Trap:** it is no paragraph.\npub struct Run;",
        "// **Trap:** it is no documentation.\npub struct Run;",
        "unknown! { /// **Trap:** whose?\n pub struct Run; }",
    ] {
        let error = Sources::new(&[("lib.rs", source)]).traps().unwrap_err();
        assert!(error.to_string().contains("1 times `**Trap:**`, of which 0"), "{error}");
    }
}

#[test]
fn links_of_doc_comments_become_labels_of_the_page() {
    let sources = Sources::new(&[
        ("lib.rs", "pub mod plan;\npub mod run;\npub struct Webhook;\n"),
        ("plan.rs", "pub struct Plan { pub id: u8 }\npub struct Twice;"),
        ("run.rs", "pub struct Run { pub id: u8 }\npub struct Twice;"),
    ]);
    let items = sources.items();
    let of = items.iter().find(|item| item.path == "run::Run::id").unwrap();
    for (text, expected) in [
        ("[`id`](Self::id) of [`Run`]", "[`id`][run::Run::id] of [`Run`][run::Run]"),
        ("[a plan](Plan), [`Plan::id`]", "[a plan][plan::Plan], [`Plan::id`][plan::Plan::id]"),
        ("[`Twice`], [`Webhook`](crate::Webhook)", "[`Twice`][run::Twice], [`Webhook`][Webhook]"),
        ("[page](https://example.com), `[]`, a list", "[page](https://example.com), `[]`, a list"),
    ] {
        assert_eq!(links::rewritten(text, of, &items).unwrap(), expected);
    }
    let error = links::rewritten("[`gone`](Self::gone)", of, &items).unwrap_err();
    assert_eq!(
        error.to_string(),
        "the documentation of `run::Run::id` links to `Self::gone`, which is not an item"
    );
    let root = items.iter().find(|item| item.path == "Webhook").unwrap();
    assert!(links::rewritten("[`Twice`]", root, &items).is_err(), "there are two");
}

#[test]
fn labels_are_defined_for_the_page_and_for_the_documentation() {
    let sources = Sources::new(&[("lib.rs", "pub struct Run { pub id: u8 }\npub fn run() {}")]);
    let items = sources.items();
    let page = "| [`id`][Run::id] |\n|---|\n| [`Run`], [site](https://example.com) |\n";
    let found = links::definitions(page, "some-webhooks", &items).unwrap();
    assert_eq!(found.items, "[`Run`]: Run\n[Run::id]: Run::id\n");
    assert_eq!(
        found.addresses,
        "[`Run`]: https://docs.rs/some-webhooks/latest/some_webhooks/struct.Run.html\n\
         [Run::id]: https://docs.rs/some-webhooks/latest/some_webhooks/struct.Run.html#structfield.id\n"
    );
    for (page, complaint) in [
        ("[`Gone`]", "links to [`Gone`], which is not an item"),
        ("[the id](Run::id)", "write Run::id as [..][path]"),
        ("[a][Run] [b][run]", "[Run] and [run] are one label"),
    ] {
        let error = links::definitions(page, "some-webhooks", &items).err().unwrap();
        assert!(error.to_string().contains(complaint), "{error}");
    }
}

#[test]
fn a_rule_states_its_standing() {
    let rule = |doc: &str| {
        let module = format!("//! Rules.\n\n{doc}\npub const RESPONSE_TIMEOUT: u8 = 1;");
        let sources = Sources::new(&[("lib.rs", "pub mod delivery_rules;"), ("delivery_rules.rs", &module)]);
        rules::section("qase-webhooks", &sources.items())
    };
    let table = rule("/// The time.\n///\n/// **Standing:** documented.").unwrap();
    // The value is that of the compiled crate.
    let row = "| [`RESPONSE_TIMEOUT`][delivery_rules::RESPONSE_TIMEOUT] | 15 s | documented | The time. |";
    assert!(table.contains(row), "{table}");
    let error = rule("/// The time. Documented.").unwrap_err();
    assert!(error.to_string().contains("does not say how well it is known"), "{error}");
}

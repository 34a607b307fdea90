//! `webhooks events`: the catalogue, for people and for programs.

use crate::process::webhooks;
use crate::vendors::Vendor;

#[test]
fn every_listed_event_stands_on_one_line() {
    let all = webhooks(&["events", "--json"]);
    assert_eq!((all.code, all.stderr.as_str()), (Some(0), ""));
    let mut names = Vec::new();
    for line in all.lines() {
        let object = line.as_object().unwrap();
        for key in ["vendor", "name", "summary", "payload", "standing", "source"] {
            assert!(object[key].as_str().is_some_and(|text| !text.is_empty()), "{key} of {line}");
        }
        assert!(object["identity"].is_array());
        assert_eq!(object.len(), 7);
        names.push((line["vendor"].as_str().unwrap().to_owned(), line["name"].as_str().unwrap().to_owned()));
    }
    let listed = [
        listed::<qase_webhooks::Webhook>(),
        listed::<deepsource_webhooks::Webhook>(),
        listed::<monitorqa_webhooks::Webhook>(),
    ];
    assert_eq!(names, listed.concat());
    assert!(listed[0].len() >= 40 && listed[1].len() >= 12 && listed[2].len() >= 15);
}

fn listed<W: Vendor>() -> Vec<(String, String)> {
    let of_one = webhooks(&["events", W::VENDOR, "--json"]);
    let listed: Vec<_> =
        W::catalogue().iter().map(|info| (W::VENDOR.to_owned(), info.name.to_owned())).collect();
    assert_eq!(of_one.lines().len(), listed.len());
    listed
}

#[test]
fn for_people_it_is_plain_text_where_nobody_looks() {
    let people = webhooks(&["events", "monitorqa"]);
    assert_eq!(people.code, Some(0));
    assert_eq!(people.stdout.lines().count(), listed::<monitorqa_webhooks::Webhook>().len());
    assert!(people.stdout.contains("AUDIT_COMPLETED") && !people.stdout.contains('\u{1b}'));
}

#[test]
fn wrong_usage_exits_with_2() {
    assert_eq!(webhooks(&["events", "nobody"]).code, Some(2));
    assert_eq!(webhooks(&["nonsense"]).code, Some(2));
    assert_eq!(webhooks(&[]).code, Some(2));
    assert_eq!(webhooks(&["--version"]).code, Some(0));
    for command in ["inspect", "listen", "send", "events"] {
        assert_eq!(webhooks(&[command, "--help"]).code, Some(0));
    }
}

//! Captures from end to end: fixtures, refused captures, and the reports.

use std::collections::BTreeSet;

use serde_json::Value as Json;

use super::Adopted;
use super::capture::Capture;
use super::tokens::{Token, Tokens};
use crate::vendor::{Vendor, workspace_root};

fn adopted(text: &str) -> anyhow::Result<Adopted> {
    Adopted::of(&Capture::of(text.as_bytes())?, None)
}

/// Why something is not adopted, with all causes.
fn refused(text: &str) -> String {
    format!("{:#}", adopted(text).unwrap_err())
}

/// A new field, a new value of a vocabulary and a `null` in a documented string, at a customer that must not be named.
const CHANGED: &str = r#"{
  "id": "518820457715503411",
  "type": "team_member.added",
  "createdAt": 1793611200,
  "data": {
    "object": {
      "object": "TeamMember", "role": "AUDITOR", "isOwner": false, "joinedAt": 1793611198, "seatType": "Grace Hopper's seat",
      "team": {
        "id": "T3duZXI6ZGVlcHdhdGVy", "object": "Account", "login": "deepwater-corp", "vcsProvider": "GITHUB",
        "vcsUrl": "https://github.com/deepwater-corp", "type": "TEAM", "avatarUrl": "https://avatars.deepwater.io/42/deepwater-corp.png"
      },
      "user": {"id": "VXNlcjpncmFjZQ==", "object": "User", "email": "grace@deepwater.io", "firstName": "Grace", "lastName": null}
    }
  }
}
"#;

#[test]
fn three_differences_give_three_pieces_of_advice() {
    let adopted = adopted(CHANGED).unwrap();
    assert_eq!(adopted.vendor, Vendor::Deepsource);
    assert_eq!(adopted.event, "team_member.added");
    assert_eq!(adopted.case(), "drift");
    assert_eq!(adopted.drift.len(), 3);
    let report = adopted.report().unwrap();
    let lines: Vec<_> = report.lines().map(str::trim).collect();
    for line in [
        "drift: 3 findings; to remove it:",
        "data.object.role (unlisted_value, string)",
        r#"Auditor = "AUDITOR","#,
        "data.object.seatType (unknown_field, string)",
        "#[wire(optional)]",
        "pub seat_type: Option<String>,",
        "data.object.user.lastName (undocumented_null, null)",
        "#[wire(nullable)]",
        "pub last_name: Option<String>,",
    ] {
        assert!(lines.contains(&line), "no line {line:?} in:\n{report}");
    }
    assert_eq!(report.matches("/// <what it means>").count(), 2, "{report}");
    let team_member = "crates/deepsource-webhooks/src/team_member.rs:";
    assert!(report.contains(&format!("add to `TeamMember` ({team_member}")), "{report}");
    assert!(report.contains(&format!("change in `User` ({team_member}")), "{report}");
    let last = lines.iter().rfind(|line| !line.is_empty()).unwrap();
    assert_eq!(
        *last,
        "and then: cargo xtask snapshots deepsource, cargo xtask schema, and cargo xtask pages where the documentation \
         changes; cargo xtask ci checks all of it and changes nothing"
    );
}

#[test]
fn no_personal_data_is_left() {
    let text = adopted(CHANGED).unwrap().scrubbed.text;
    let lower = text.to_lowercase();
    for original in [
        "grace",
        "hopper",
        "deepwater",
        "518820457715503411",
        "1793611",
        "t3duzxi6zgvl",
        "vxnlcjpn",
        "github.com",
    ] {
        assert!(!lower.contains(original), "{original} is in {text}");
    }
    let json: Json = serde_json::from_str(&text).unwrap();
    let object = &json["data"]["object"];
    assert_eq!(object["user"]["email"], "person-1@example.com");
    assert_eq!(object["role"], "AUDITOR");
    assert_eq!(object["team"]["vcsProvider"], "GITHUB");
    let url = object["team"]["vcsUrl"].as_str().unwrap();
    let login = object["team"]["login"].as_str().unwrap();
    assert_eq!(url, format!("https://example.com/{login}"), "the same name is replaced alike in both");
    let (created, joined) = (json["createdAt"].as_i64().unwrap(), object["joinedAt"].as_i64().unwrap());
    assert_eq!(created - joined, 2, "times keep their distance");
}

#[test]
fn the_same_capture_always_becomes_the_same_fixture() {
    assert_eq!(adopted(CHANGED).unwrap().scrubbed.text, adopted(CHANGED).unwrap().scrubbed.text);
}

#[test]
fn every_fixture_can_be_adopted_and_keeps_its_form() {
    let (mut count, mut beyond) = (0, Vec::new());
    for vendor in Vendor::ALL {
        for fixture in vendor.fixtures().unwrap() {
            let path = workspace_root().join(format!(
                "fixtures/{}/{}/{}.json",
                vendor.name(),
                fixture.event,
                fixture.case
            ));
            let text = std::fs::read_to_string(&path).unwrap();
            if is_ambiguous(&text) {
                continue;
            }
            let capture = Capture::of(text.as_bytes()).unwrap();
            let adopted = match Adopted::of(&capture, Some(*vendor)) {
                Ok(adopted) => adopted,
                Err(error) if is_beyond_invention(&error) => {
                    beyond.push(format!("{}/{}", fixture.event, fixture.case));
                    continue;
                }
                Err(error) => panic!("{}: {error:#}", path.display()),
            };
            assert_eq!(adopted.event, fixture.event);
            assert_eq!(adopted.refused.is_some(), fixture.case.starts_with("refused_"));
            assert_eq!(form(&adopted.scrubbed.text), form(&text), "{}", path.display());
            adopted.report().unwrap();
            count += 1;
        }
    }
    assert!(count > 100);
    assert_eq!(beyond, BEYOND_INVENTION);
}

/// Payloads with times in spellings that are not invented: they are refused, and nothing of them is kept.
const BEYOND_INVENTION: &[&str] = &[
    "review.created/time_as_mail_date",
    "review.created/time_of_dot_net",
    "review.created/time_of_php",
    "analysis_run.updated/times_of_other_systems",
    "CORRECTIVE_ACTION_EXPIRED/times_of_other_systems",
];

fn is_beyond_invention(error: &anyhow::Error) -> bool {
    format!("{error:#}").contains("the types would see something else in it")
}

/// The form of a text without its values: the number and order of keys, white space, types and spelling of numbers.
fn form(text: &str) -> String {
    let digits = |text: &str| text.replace(|letter: char| letter.is_ascii_digit(), "9");
    Tokens::of(text)
        .map(|token| match token {
            Token::Between(text) | Token::Word(text) => text.to_owned(),
            Token::Open(letter) | Token::Close(letter) => letter.to_string(),
            Token::Text(text) if text.contains("://") || text.contains('@') => "an address".to_owned(),
            Token::Text(text) => format!("{} characters", text.replace("\\/", "/").chars().count()),
            Token::Number(text) => digits(text),
        })
        .collect()
}

#[test]
fn equal_texts_stay_equal_and_different_ones_different() {
    for vendor in Vendor::ALL {
        for fixture in vendor.fixtures().unwrap() {
            let folder = workspace_root().join("fixtures").join(vendor.name()).join(&fixture.event);
            let text = std::fs::read_to_string(folder.join(format!("{}.json", fixture.case))).unwrap();
            if is_ambiguous(&text) {
                continue;
            }
            let adopted = match Adopted::of(&Capture::of(text.as_bytes()).unwrap(), Some(*vendor)) {
                Err(error) if is_beyond_invention(&error) => continue,
                adopted => adopted.unwrap(),
            };
            let texts = |text: &str| {
                let tokens = Tokens::of(text).filter_map(|token| match token {
                    Token::Text(text) => Some(text.to_owned()),
                    _ => None,
                });
                tokens.collect::<Vec<_>>()
            };
            let (before, after) = (texts(&text), texts(&adopted.scrubbed.text));
            // A text may be public at one place and data at another, so it may have two replacements. Two texts never have one.
            let mut pairs: Vec<_> =
                before.iter().zip(&after).map(|(before, after)| (after, before)).collect();
            pairs.sort();
            pairs.dedup();
            let replaced: BTreeSet<_> = after.iter().collect();
            assert_eq!(replaced.len(), pairs.len(), "{}/{}: {pairs:?}", fixture.event, fixture.case);
        }
    }
}

/// A field of a customer that has the name of its new type: only a person can decide which of the two is a name.
fn is_ambiguous(text: &str) -> bool {
    text.contains(r#""title":"Colour","type":"colour""#)
}

#[test]
fn a_body_that_is_not_a_delivery_is_refused() {
    assert!(refused(r#"{"a": 1}"#).contains("its keys match the envelope of no vendor"));
    assert!(refused("[1]").contains("its keys match the envelope of no vendor"));
    assert!(refused("hello").contains("the body is not JSON: see line 1, column 1"));
    assert!(refused("").contains("not JSON"));
    let capture = Capture::of(b"{\"a\": 1}").unwrap();
    let error = format!("{:#}", Adopted::of(&capture, Some(Vendor::Qase)).unwrap_err());
    assert!(error.contains("not a delivery of qase"), "{error}");
}

#[test]
fn an_unlisted_event_is_adopted_as_unlisted() {
    let adopted = adopted(
        r#"{"event_name":"run.paused","timestamp":1793611200,"payload":{"id":4821,"by":"Grace Hopper","note":null},"project_code":"DEEP"}"#,
    )
    .unwrap();
    assert!(adopted.unlisted);
    assert_eq!(adopted.case(), "unlisted");
    assert!(!adopted.scrubbed.text.contains("Grace") && !adopted.scrubbed.text.contains("DEEP"));
    let report = adopted.report().unwrap();
    assert!(report.contains("run.paused is not a listed event of qase: adopted as unlisted"), "{report}");
    assert!(report.contains(r#"RunPaused(webhook_core::RawJson) = "run.paused", Seen;"#), "{report}");
    assert!(report.contains("add to the list of events (crates/qase-webhooks/src/event.rs):"), "{report}");
}

#[test]
fn a_list_of_one_type_is_advised_as_a_list_of_this_type() {
    let advised = |list: &str| {
        let body = format!(
            r#"{{"event_name":"run.completed","timestamp":1793611200,"payload":{{"id":1,"extra":{list}}}}}"#
        );
        adopted(&body).unwrap().report().unwrap()
    };
    for (list, element) in [
        (r#"["a@b"]"#, "String"),
        ("[3, 7]", "u64"),
        ("[true]", "bool"),
        ("[2.5]", "f64"),
        ("[]", "RawJson"),
        (r#"["a", null]"#, "RawJson"),
        (r#"[3, "a"]"#, "RawJson"),
        ("[[3]]", "RawJson"),
    ] {
        let report = advised(list);
        let line = report.lines().find(|line| line.contains("pub extra: Vec<")).unwrap();
        assert!(line.ends_with(&format!("{element}>,")), "{list}: {line}");
    }
}

#[test]
fn keys_that_no_type_knows_are_listed_once_and_plain_ones_never() {
    let note =
        r#"{"id":1,"name":"Grace","mentionedBy":{"email":"grace@deepwater.io"},"project_code":"DEEP"}"#;
    let adopted = adopted(&format!(
        r#"{{"event_name":"plan.created","timestamp":1793611200,"payload":{{"id":1,"title":"A","cases":{{}},"reviewNotes":[{note},{note}]}}}}"#
    ))
    .unwrap();
    assert_eq!(adopted.case(), "drift", "an unknown key may be somebody's");
    let report = adopted.report().unwrap();
    let (_, listed) = report.split_once("check whether each is a name or data:\n").unwrap();
    let listed: Vec<_> = listed.lines().take_while(|line| line.starts_with("  ")).collect();
    assert_eq!(
        listed,
        [
            "  the key mentionedBy: payload.reviewNotes[0].mentionedBy and 1 more",
            "  the key reviewNotes: payload.reviewNotes",
        ]
    );
}

#[test]
fn unsafe_values_are_refused_with_their_path_only() {
    let run = |payload: &str| {
        let body = format!(
            r#"{{"event_name":"run.completed","timestamp":1793611200,"payload":{payload},"project_code":"DEEP"}}"#
        );
        refused(&body)
    };
    let told = run(r#"{"id":1,"notes":{"grace@deepwater.io":"away"}}"#);
    assert!(told.contains("at payload.notes: it has a key that looks like data"), "{told}");
    assert!(!told.contains("grace"), "{told}");

    let told = run(r#"{"id":1,"https://deepwater.io/x":true}"#);
    assert!(told.contains("at payload: it has a key that looks like data"), "{told}");

    // The name of a person as a key, found because the same text is data elsewhere.
    let told = run(r#"{"id":1,"owner":"gracehopper","seats":{"gracehopper":2}}"#);
    assert!(told.contains("at payload.seats: it would still contain a text that is replaced"), "{told}");
    assert!(!told.contains("gracehopper"), "{told}");

    let told = refused(
        r#"{"event":"../../etc","data":{"id":"1"},"company":{"id":"7f3a0c1e-52d9-4b60-1a17-08dd5c2e9b45"}}"#,
    );
    assert!(told.contains("at event: it is not a name of an event"), "{told}");

    let told = refused(&CHANGED.replace("\"AUDITOR\"", "\"grace@deepwater.io\""));
    assert!(told.contains("at data.object.role: it is not a listed value of the vocabulary"), "{told}");
    assert!(!told.contains("grace@"), "{told}");
}

#[test]
fn a_file_of_listen_save_is_adopted() {
    let saved = include_str!("../../../crates/webhook-cli/tests/it/saved.http");
    let adopted = adopted(&saved.trim_end().replace('\n', "\r\n")).unwrap();
    assert_eq!((adopted.vendor, adopted.event.as_str()), (Vendor::Deepsource, "team_member.added"));
    assert!(!adopted.scrubbed.text.contains("grace@"), "{}", adopted.scrubbed.text);
}

#[test]
fn a_credential_of_the_headers_in_the_body_is_refused() {
    let head = "POST /qase HTTP/1.1\r\nX-Qase-Token: deepsecrettoken\r\n\r\n";
    let body =
        r#"{"event_name":"run.completed","timestamp":1793611200,"payload":{"id":1,"deepsecrettoken":1}}"#;
    let told = refused(&format!("{head}{body}"));
    assert!(told.contains("at payload: it would still contain"), "{told}");
    assert!(!told.contains("deepsecret"), "{told}");
}

#[test]
fn keys_of_free_maps_are_data_and_text_keeps_its_escapes() {
    let adopted = adopted(
        "{\"event_name\":\"plan.created\",\"timestamp\":1793611200,\"payload\":{\"id\":19,\"title\":\"Gr\\u00f6\\u00dfe a\\/b\",\"cases\":{\"48217\":0,\"48218\":70125}},\"team_member_id\":70125}",
    )
    .unwrap();
    let text = &adopted.scrubbed.text;
    assert!(!text.contains("4821") && !text.contains("70125"), "{text}");
    assert!(text.contains("\\/") && text.contains("\\u00") && text.is_ascii(), "{text}");
    let json: Json = serde_json::from_str(text).unwrap();
    let cases = json["payload"]["cases"].as_object().unwrap();
    assert_eq!(cases.len(), 2);
    assert!(cases.values().any(|assignee| *assignee == json["team_member_id"]));
}

#[test]
fn a_small_number_beside_an_id_of_a_map_is_replaced_as_an_id() {
    let adopted = adopted(
        r#"{"event_name":"plan.updated","timestamp":1793611200,"payload":{"id":902,"cases":{"4821":123,"7":0}},"team_member_id":123,"project_code":"ORBIT"}"#,
    )
    .unwrap();
    let json: Json = serde_json::from_str(&adopted.scrubbed.text).unwrap();
    let cases: Vec<_> = json["payload"]["cases"].as_object().unwrap().values().collect();
    assert!(cases.contains(&&json["team_member_id"]) && cases.contains(&&Json::from(0)), "{json}");
    assert_ne!(json["team_member_id"], 123);
}

#[test]
fn a_value_that_does_not_fit_has_its_own_advice_and_name() {
    for (passed, case, advice) in [
        (r#""passed":[1]"#, "unexpected_passed", "only another type removes this"),
        (r#""passed":1,"passed":2"#, "repeated_passed", "nothing to change"),
    ] {
        let body = format!(
            r#"{{"event_name":"run.completed","timestamp":1793611200,"payload":{{"id":1,"cases":3,{passed},"failed":1,"blocked":0,"duration":70}}}}"#
        );
        let adopted = adopted(&body).unwrap();
        assert_eq!(adopted.case(), case);
        let report = adopted.report().unwrap();
        assert!(report.contains(advice) && !report.contains("passed: Option"), "{report}");
    }
}

#[test]
fn json_inside_a_text_is_scrubbed_as_json() {
    let adopted = adopted(
        r#"{"event_name":"custom_field.created","timestamp":1793611200,"payload":{"id":19,"value":"[{\"id\":1,\"title\":\"Deepwater\"}]"}}"#,
    )
    .unwrap();
    let json: Json = serde_json::from_str(&adopted.scrubbed.text).unwrap();
    let inner: Json = serde_json::from_str(json["payload"]["value"].as_str().unwrap()).unwrap();
    let title = inner[0]["title"].as_str().unwrap();
    assert_eq!(title.len(), "Deepwater".len());
    assert_ne!(title, "Deepwater");
}

#[test]
fn numbers_keep_their_spelling_and_counters_their_value() {
    let adopted = adopted(
        r#"{"event":"CORRECTIVE_ACTION_CREATED","data":{"correctiveActionId":"7f3a0c1e-52d9-4b60-1a17-08dd5c2e9b45","correctiveAction":{"id":"7f3a0c1e-52d9-4b60-1a17-08dd5c2e9b45","status":3,"priority":9,"answer":{"number":4.0000,"points":-2.50},"latitude":52.520008,"serialNumber":77}}}"#,
    )
    .unwrap();
    let text = &adopted.scrubbed.text;
    for kept in ["\"status\":3,", "\"priority\":9,", "\"number\":4.0000,", "\"points\":-2.50}"] {
        assert!(text.contains(kept), "{kept} is not in {text}");
    }
    assert!(!text.contains("52.520008") && !text.contains(":77"), "{text}");
    let report = adopted.report().unwrap();
    assert!(report.contains(r#"Code9 = 9 => "<what it means>","#), "{report}");
    assert!(report.contains("pub latitude: Option<f64>,"), "{report}");
}

#[test]
fn a_file_is_never_overwritten_and_its_name_says_whether_it_decodes() {
    let folder = std::env::temp_dir().join(format!("adopt-{}", std::process::id()));
    std::fs::create_dir_all(&folder).unwrap();
    let adopted = adopted(CHANGED).unwrap();
    let first = adopted.file(&folder, None).unwrap();
    assert_eq!(first, folder.join("drift.json"));
    std::fs::write(&first, "").unwrap();
    assert_eq!(adopted.file(&folder, None).unwrap(), folder.join("drift_2.json"));
    assert_eq!(adopted.equal(&folder).unwrap(), None);
    let told = adopted.file(&folder, Some("drift")).unwrap_err().to_string();
    assert!(told.contains("exists already"), "{told}");
    for case in ["refused_seat", "Seat", "../seat", ""] {
        assert!(adopted.file(&folder, Some(case)).is_err(), "{case}");
    }
    std::fs::write(&first, &adopted.scrubbed.text).unwrap();
    assert_eq!(adopted.equal(&folder).unwrap(), Some(first));
    std::fs::remove_dir_all(&folder).unwrap();
    assert_eq!(adopted.equal(&folder).unwrap(), None);
}

#[test]
fn a_delivery_that_does_not_decode_is_adopted_as_refused() {
    let adopted =
        adopted(r#"{"event_name":"run.completed","timestamp":1793611200,"payload":{"id":-1,"passed":2}}"#)
            .unwrap();
    assert_eq!(adopted.refused.as_deref(), Some("payload.id"));
    assert_eq!(adopted.case(), "refused_id");
}

#[test]
fn deep_nesting_is_refused() {
    let nested = |depth| {
        let (open, close) = ("[".repeat(depth), "]".repeat(depth));
        refused(&format!(
            r#"{{"event_name":"run.completed","timestamp":1793611200,"payload":{open}{close}}}"#
        ))
    };
    assert!(nested(110).contains("it is nested too deeply"));
    assert!(nested(100_000).contains("the body is not JSON"));
}

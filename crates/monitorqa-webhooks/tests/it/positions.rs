//! Where the details of a finished audit stand: the first place that holds more than an id.

use monitorqa_webhooks::Webhook;
use monitorqa_webhooks::audit::DetailsPosition::{self, Absent, Flattened, Nested, Whole};
use serde_json::{Value, json};
use webhook_core::drift::{self, DriftKind};

use crate::{completed, fixtures, rewritten};

/// The position, the id, and the number that tells which details were taken.
fn read(data: &Value) -> (DetailsPosition, String, Option<String>) {
    let completed = completed(data);
    let number = completed.details().and_then(|details| details.number.clone());
    assert_eq!(completed.details().is_none(), completed.position() == Absent);
    (completed.position(), completed.audit_id.into_string(), number)
}

fn expect(
    position: DetailsPosition,
    id: &str,
    number: Option<&str>,
) -> (DetailsPosition, String, Option<String>) {
    (position, id.to_owned(), number.map(str::to_owned))
}

#[test]
fn an_object_in_audit_holds_the_details() {
    for data in [
        json!({"auditId": "x", "audit": {"id": "x", "number": "7"}}),
        json!({"audit": {"id": "x", "number": "7"}, "auditId": "x"}),
        json!({"auditId": "x", "audit": {"number": "7"}}),
        json!({"audit": {"id": "x", "number": "7"}}),
        json!({"auditId": null, "audit": {"id": "x", "number": "7"}}),
        json!({"auditId": [], "audit": {"id": "x", "number": "7"}}),
        // It comes before what stands beside it.
        json!({"auditId": "x", "number": "8", "audit": {"number": "7"}}),
        json!({"id": "y", "number": "8", "audit": {"id": "x", "number": "7"}}),
    ] {
        assert_eq!(read(&data), expect(Nested, "x", Some("7")), "{data}");
    }
}

#[test]
fn so_does_an_object_in_a_list_in_audit() {
    for data in [
        json!({"auditId": "x", "audit": [{"number": "7"}]}),
        json!({"audit": [{"id": "x", "number": "7"}]}),
        json!({"audit": [null, {"id": "x", "number": "7"}]}),
        json!({"audit": ["note", {"id": "x", "number": "7"}, {"id": "y", "number": "8"}]}),
    ] {
        assert_eq!(read(&data), expect(Nested, "x", Some("7")), "{data}");
    }
    let written = rewritten("AUDIT_COMPLETED", &json!({"auditId": "x", "audit": [{"number": "7"}]}));
    assert_eq!(written["audit"]["number"], "7");
}

#[test]
fn what_stands_in_audit_and_beside_it_is_both_kept() {
    let data = json!({"auditId": "x", "audit": {"id": "x", "number": "7"}, "number": "8", "score": 71});
    let completed = completed(&data);
    assert_eq!(completed.audit.unwrap().number.as_deref(), Some("7"));
    assert_eq!((completed.beside.number.as_deref(), completed.beside.score), (Some("8"), Some(71.0)));
}

#[test]
fn another_detail_beside_the_id_means_that_all_stand_there() {
    for data in [
        json!({"auditId": "x", "number": "7"}),
        json!({"number": "7", "auditId": "x"}),
        json!({"auditId": "x", "audit": null, "number": "7"}),
        json!({"auditId": "x", "audit": {}, "number": "7"}),
        json!({"auditId": "x", "audit": {"id": "x"}, "number": "7"}),
        json!({"auditId": "x", "id": "y", "number": "7"}),
    ] {
        assert_eq!(read(&data), expect(Flattened, "x", Some("7")), "{data}");
    }
}

#[test]
fn with_an_id_of_their_own_the_payload_is_the_details() {
    for data in [
        json!({"id": "x", "number": "7"}),
        json!({"auditId": null, "id": "x", "number": "7"}),
        json!({"id": "x", "number": "7", "audit": null}),
        json!({"auditId": "x", "id": "x", "number": "7"}),
    ] {
        assert_eq!(read(&data), expect(Whole, "x", Some("7")), "{data}");
    }
}

#[test]
fn an_id_alone_has_no_details() {
    for data in [
        json!({"auditId": "x"}),
        json!({"id": "x"}),
        json!({"auditId": "x", "id": "x"}),
        json!({"auditId": "x", "audit": null}),
        json!({"auditId": "x", "audit": {}}),
        json!({"audit": {"id": "x"}}),
        json!({"auditId": "x", "score": null}),
        json!({"auditId": "x", "weather": "dry"}),
    ] {
        assert_eq!(read(&data), expect(Absent, "x", None), "{data}");
    }
}

#[test]
fn what_is_no_object_in_audit_holds_no_details() {
    for audit in [json!(true), json!(7), json!(-7), json!(0.5), json!("x"), json!([]), json!([[], 7])] {
        assert_eq!(read(&json!({"auditId": "x", "audit": audit})), expect(Absent, "x", None), "{audit}");
        let beside = json!({"audit": audit, "auditId": "x", "number": "7"});
        assert_eq!(read(&beside), expect(Flattened, "x", Some("7")), "{audit}");
    }
}

/// Every detail is looked for in each of the places.
#[test]
fn the_details_are_the_same_wherever_they_stand() {
    let details = json!({
        "id": "x", "number": "7", "score": 62.5, "assignees": [{"id": "u", "name": "Odile Marsh"}],
        "startedAt": "2026-02-10T05:12:00.000Z", "actionsCount": 3,
    });
    let mut beside = details.clone();
    beside["auditId"] = "x".into();
    let nested = completed(&json!({"auditId": "x", "audit": details}));
    let listed = completed(&json!({"auditId": "x", "audit": [details]}));
    assert_eq!(nested.details().unwrap().number.as_deref(), Some("7"));
    for other in [listed, completed(&beside), completed(&details)] {
        assert_eq!(other.details(), nested.details());
    }
}

#[test]
fn an_audit_after_the_first_is_reported() {
    let full = fixtures().into_iter().find(|(event, case, _)| event == "AUDIT_COMPLETED" && case == "full");
    let mut body: Value = serde_json::from_slice(&full.unwrap().2).unwrap();
    let audit = body["data"]["audit"].take();
    // No other finding causes the search for this one.
    for (count, expected) in [(1, None), (2, Some(("data.audit[1]".to_owned(), DriftKind::UnexpectedValue)))]
    {
        body["data"]["audit"] = vec![audit.clone(); count].into();
        let drift = drift::decode::<Webhook>(body.to_string().as_bytes()).unwrap().drift;
        let found: Vec<_> = drift.into_iter().map(|finding| (finding.path, finding.kind)).collect();
        assert_eq!(found, Vec::from_iter(expected));
    }
}

#[test]
fn details_are_written_back_where_they_came() {
    let keys = |data: Value| {
        let written = rewritten("AUDIT_COMPLETED", &data);
        ["auditId", "audit", "id", "number"].map(|key| written.get(key).is_some())
    };
    assert_eq!(
        keys(json!({"auditId": "x", "audit": {"id": "x", "number": "7"}})),
        [true, true, false, false]
    );
    assert_eq!(keys(json!({"auditId": "x", "number": "7"})), [true, false, false, true]);
    assert_eq!(keys(json!({"auditId": "x", "id": "x", "number": "7"})), [true, false, true, true]);
    assert_eq!(keys(json!({"id": "x", "number": "7"})), [true, false, true, true]);
    assert_eq!(rewritten("AUDIT_COMPLETED", &json!({"auditId": "x"})), json!({"auditId": "x"}));
}

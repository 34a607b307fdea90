//! What must not end up in a log.

use crate::fixture::{json, webhook};

#[test]
fn debug_shows_a_person_by_id_only() {
    for (event, case) in [
        ("team_member.added", "vendor_page"),
        ("team_member.removed", "vendor_page"),
        ("team_member.updated", "vendor_page"),
    ] {
        for shown in [format!("{:?}", webhook(event, case)), format!("{:#?}", webhook(event, case))] {
            assert!(shown.contains("VXNlcla6529Bk2I="), "{shown}");
            for hidden in ["john.doe@example.com", "John", "Doe"] {
                assert!(!shown.contains(hidden), "{hidden} in {shown}");
            }
        }
    }
}

#[test]
fn a_person_is_written_back_in_full() {
    let written = serde_json::to_value(webhook("team_member.added", "vendor_page")).unwrap();
    assert_eq!(
        written["data"]["object"]["user"],
        json("team_member.added", "vendor_page")["data"]["object"]["user"]
    );
}

//! `webhooks sample`: the payloads that the crates ship.

use serde_json::json;

use crate::process::{webhooks, webhooks_with};
use crate::vendors::Vendor;

#[test]
fn every_sample_is_printed_byte_for_byte() {
    every_sample::<qase_webhooks::Webhook>();
    every_sample::<deepsource_webhooks::Webhook>();
    every_sample::<monitorqa_webhooks::Webhook>();
}

fn every_sample<W: Vendor>() {
    for sample in W::samples() {
        let printed = webhooks(&["sample", W::VENDOR, sample.event(), "--case", sample.case()]);
        assert_eq!((printed.code, printed.stderr.as_str()), (Some(0), ""), "{}", sample.event());
        assert_eq!(printed.stdout, sample.body());
        if sample.is_main() {
            assert_eq!(webhooks(&["sample", W::VENDOR, sample.event()]).stdout, sample.body());
        }
    }
}

#[test]
fn the_cases_are_listed_of_an_event_of_a_vendor_and_of_all() {
    let rows = |arguments: &[&str]| {
        let listed = webhooks(&[&["sample", "--list", "--json"], arguments].concat());
        assert_eq!(listed.code, Some(0), "{}", listed.stderr);
        listed.lines()
    };
    let all = rows(&[]).len();
    let of_vendor = |vendor: &str| rows(&[vendor]).len();
    assert_eq!(all, of_vendor("qase") + of_vendor("deepsource") + of_vendor("monitorqa"));
    let of_event = rows(&["qase", "run.completed"]);
    assert!(of_event.len() > 1);
    assert!(of_event.iter().all(|row| row["event"] == "run.completed" && row["vendor"] == "qase"));
    assert_eq!(of_event.iter().filter(|row| row["main"] == json!(true)).count(), 1);
    let people = webhooks(&["sample", "qase", "run.completed", "--list"]).stdout;
    assert_eq!(people.lines().count(), of_event.len());
    assert!(people.contains("(main)"), "{people}");
}

#[test]
fn a_sample_goes_through_a_pipe_into_every_command_that_takes_a_file() {
    let sample = webhooks(&["sample", "deepsource", "test.event"]).stdout;
    assert_eq!(webhooks_with(&["inspect", "-"], &[], sample.as_bytes()).code, Some(0));
    let secret = ["--secret", "a-secret-of-a-test"];
    let send = [&["send", "--file", "-", "--print"], &secret[..]].concat();
    let request = webhooks_with(&send, &[], sample.as_bytes());
    assert_eq!(request.code, Some(0), "{}", request.stderr);
    let verify = [&["verify", "--vendor", "deepsource"], &secret[..], &["-"]].concat();
    let verified = webhooks_with(&verify, &[], request.stdout.as_bytes());
    assert_eq!((verified.code, verified.stdout.as_str()), (Some(0), "accepted\n"));
}

#[test]
fn what_is_not_there_is_named_with_what_was_probably_meant() {
    for (arguments, message) in [
        (&["sample", "qase", "run.complete"][..], "did you mean `run.completed`?"),
        (&["sample", "qase", "zzz"], "qase has no sample of `zzz`; `webhooks events qase` lists its events"),
        (&["sample", "monitorqa", "audit_completed"], "did you mean `AUDIT_COMPLETED`?"),
        (&["sample", "qase", "run.completed", "--case", "ful"], "has no case `ful`"),
        (&["sample", "qase", "run.complete", "--list"], "did you mean `run.completed`?"),
        (&["sample", "qas", "run.completed"], "a similar value exists: 'qase'"),
        (&["sample", "qase", "a\u{1b}[2J"], "`a\\u{1b}[2J`"),
    ] {
        let outcome = webhooks(arguments);
        assert_eq!((outcome.code, outcome.stdout.as_str()), (Some(2), ""), "{arguments:?}");
        assert!(outcome.stderr.contains(message), "{arguments:?}: {}", outcome.stderr);
    }
}

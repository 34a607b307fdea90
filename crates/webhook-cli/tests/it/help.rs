//! What the tool says about itself: help, completions, manual pages, exit statuses.

use crate::folder::Folder;
use crate::process::webhooks;

const COMMANDS: [&str; 8] = ["inspect", "listen", "run", "send", "verify", "sample", "events", "completions"];

#[test]
fn every_command_has_a_long_help_with_its_exit_statuses() {
    let all = webhooks(&["--help"]);
    assert_eq!(all.code, Some(0));
    for part in ["Exit status", "0  success", "1  findings", "2  wrong usage"] {
        assert!(all.stdout.contains(part), "{}", all.stdout);
    }
    for name in COMMANDS {
        assert!(all.stdout.contains(&format!("\n  {name} ")), "{name} is not listed in {}", all.stdout);
        let (short, long) = (webhooks(&[name, "-h"]), webhooks(&[name, "--help"]));
        assert_eq!((short.code, long.code), (Some(0), Some(0)));
        assert!(long.stdout.len() > short.stdout.len(), "{name}: {}", long.stdout);
        assert!(long.stdout.contains("--color"), "{name}");
    }
    for (name, parts) in [
        ("inspect", &["NDJSON", "For a folder, all its files", "0 if all payloads decoded", "jq"][..]),
        ("send", &["QASE_WEBHOOK_SECRET", "MONITORQA_WEBHOOK_TOKEN", "{token}", "0 if every request"]),
        ("verify", &["DEEPSOURCE_WEBHOOK_SECRET", "0 if the request is accepted"]),
        ("sample", &["--list", "several cases"]),
        ("listen", &["/qase", "/monitorqa/TOKEN", "/healthz", "QASE_WEBHOOK_SECRET"]),
    ] {
        let help = webhooks(&[name, "--help"]).stdout.split_whitespace().collect::<Vec<_>>().join(" ");
        for part in parts {
            assert!(help.contains(part), "{part} is not in the help of {name}: {help}");
        }
    }
}

#[test]
fn every_shell_has_completions() {
    for shell in ["bash", "zsh", "fish", "elvish", "powershell"] {
        let script = webhooks(&["completions", shell]);
        assert_eq!((script.code, script.stderr.as_str()), (Some(0), ""));
        for name in COMMANDS {
            assert!(script.stdout.contains(name), "{name} is not completed in {shell}");
        }
    }
    assert_eq!(webhooks(&["completions", "csh"]).code, Some(2));
    assert_eq!(webhooks(&["completions"]).code, Some(2));
}

#[test]
fn every_command_has_a_manual_page() {
    let folder = Folder::new("man");
    let pages = folder.path("pages");
    let written = webhooks(&["man", &pages]);
    assert_eq!((written.code, written.stdout.as_str(), written.stderr.as_str()), (Some(0), "", ""));
    for name in COMMANDS {
        let page = std::fs::read_to_string(format!("{pages}/webhooks-{name}.1")).unwrap();
        assert!(page.contains(".TH") && page.contains("webhooks"), "{page}");
    }
    assert!(std::fs::read_to_string(format!("{pages}/webhooks.1")).unwrap().contains("EXTRA"));
    let file = folder.write("file", "");
    let refused = webhooks(&["man", &file]);
    assert_eq!(refused.code, Some(2));
    assert!(refused.stderr.contains(&file), "{}", refused.stderr);
}

#[test]
fn wrong_usage_ends_with_2_and_arguments_stand_in_any_order() {
    for wrong in
        [&[][..], &["nonsense"], &["inspect"], &["send"], &["send", "qase"], &["sample"], &["sample", "qase"]]
    {
        let outcome = webhooks(wrong);
        assert_eq!((outcome.code, outcome.stdout.as_str()), (Some(2), ""), "{wrong:?}");
        assert!(!outcome.stderr.is_empty());
    }
    let secret = ["--secret", "a-secret-of-a-test"];
    let one = webhooks(&[&["send", "qase", "run.started", "--print"], &secret[..]].concat());
    let other = webhooks(&[&["send", "--print"], &secret[..], &["qase", "run.started"]].concat());
    assert_eq!((one.code, &one.stdout), (Some(0), &other.stdout), "{}", other.stderr);
}

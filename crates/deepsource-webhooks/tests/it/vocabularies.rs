//! Texts out of lists that the vendor may extend.

use deepsource_webhooks::account::{AccountType, VcsProvider};
use deepsource_webhooks::analysis_run::{AnalysisRunStatus, CheckStatus};
use deepsource_webhooks::autofix_run::{AutofixRunStatus, PullRequestStatus};
use deepsource_webhooks::issue::IssueCategory;
use deepsource_webhooks::legacy::LegacyRunStatus;
use deepsource_webhooks::object::ObjectType;
use deepsource_webhooks::team_member::TeamMemberRole;
use deepsource_webhooks::{Event, Open};
use webhook_core::Vocabulary;

use crate::fixture::webhook;

/// The list is exactly this, in any order, and each text is read and written as itself.
fn lists<T: Vocabulary>(texts: &[&str]) {
    assert!(T::ALL.iter().map(|value| value.as_str()).eq(T::NAMES.iter().copied()));
    let mut listed = T::NAMES.to_vec();
    let mut expected = texts.to_vec();
    listed.sort_unstable();
    expected.sort_unstable();
    assert_eq!(listed, expected);
    for text in texts {
        let Ok(value) = text.parse::<T>() else { panic!("{text} is not read") };
        assert_eq!((value.as_str(), value.to_string().as_str()), (*text, *text));
    }
}

#[test]
fn the_vendors_spellings_are_listed() {
    lists::<AnalysisRunStatus>(&["PENDING", "SUCCESS", "FAILURE", "TIMEOUT", "CANCEL", "READY", "SKIPPED"]);
    lists::<CheckStatus>(&[
        "PENDING",
        "SUCCESS",
        "FAILURE",
        "WAITING",
        "TIMEOUT",
        "CANCEL",
        "READY",
        "NEUTRAL",
        "ARTIFACT_TIMEOUT",
        "SKIPPED",
    ]);
    lists::<AutofixRunStatus>(&["PENDING", "SUCCESS", "FAILURE", "FAIL", "TIMEOUT", "CANCEL", "STALE"]);
    lists::<IssueCategory>(&[
        "ANTI_PATTERN",
        "BUG_RISK",
        "PERFORMANCE",
        "SECURITY",
        "COVERAGE",
        "TYPECHECK",
        "STYLE",
        "DOCUMENTATION",
        "SECRETS",
    ]);
    lists::<VcsProvider>(&[
        "GITHUB",
        "GITLAB",
        "BITBUCKET",
        "BITBUCKET_DATACENTER",
        "GITHUB_ENTERPRISE",
        "GSR",
        "ADS",
    ]);
    lists::<AccountType>(&["TEAM", "INDIVIDUAL"]);
    lists::<PullRequestStatus>(&["OPEN", "CLOSED", "MERGED", "DRAFT"]);
    lists::<TeamMemberRole>(&["ADMIN", "MEMBER", "CONTRIBUTOR"]);
    lists::<LegacyRunStatus>(&["fail", "pend", "pass", "timo", "cncl", "read"]);
    lists::<ObjectType>(&[
        "AnalysisRun",
        "AnalysisRunSummary",
        "OccurrenceDistributionByAnalyzer",
        "OccurrenceDistributionByCategory",
        "Check",
        "CheckSummary",
        "Analyzer",
        "Repository",
        "Account",
        "AutofixRun",
        "Issue",
        "RepositoryIssue",
        "Occurrence",
        "TeamMember",
        "User",
    ]);
}

#[test]
fn an_unlisted_value_is_kept_and_equals_nothing_listed() {
    let Event::AnalysisRunUpdated(data) = webhook("analysis_run.updated", "unlisted_values_and_nulls").event
    else {
        panic!()
    };
    let status = data.object.status.unwrap();
    assert_eq!(status.as_str(), "RUNNING");
    assert_eq!(status.listed(), None);
    let account = data.object.repository.unwrap().account.unwrap();
    assert_eq!(account.kind.unwrap().as_str(), "ENTERPRISE");
    assert_eq!(account.vcs_provider.unwrap().as_str(), "FORGEJO");
}

#[test]
fn values_are_compared_exactly() {
    for text in ["pending", "Pending", " PENDING", "", "ÜBER"] {
        let status = Open::<AnalysisRunStatus>::from_text(text);
        assert_eq!(status.listed(), None, "{text}");
        assert_eq!(status.as_str(), text);
    }
}

#[test]
fn an_object_may_name_itself_differently() {
    let mut webhook = crate::fixture::json("repository.analysis.activated", "vendor_page");
    webhook["data"]["object"]["object"] = "Account".into();
    webhook["data"]["object"]["account"]["object"] = "Organization".into();
    let Event::RepositoryAnalysisActivated(data) = crate::fixture::decode(&webhook).unwrap().event else {
        panic!()
    };
    assert_eq!(data.object.object_type, Some(ObjectType::Account.into()));
    assert_eq!(data.object.account.unwrap().object_type.unwrap().as_str(), "Organization");
}

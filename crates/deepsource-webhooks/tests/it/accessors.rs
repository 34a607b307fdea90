//! What the events say, read as a user reads it.

use chrono::{DateTime, Utc};
use deepsource_webhooks::Event;
use deepsource_webhooks::account::VcsProvider;
use deepsource_webhooks::analysis_run::{AnalysisRun, AnalysisRunStatus, CheckStatus};
use deepsource_webhooks::autofix_run::{AutofixRun, AutofixRunStatus, PullRequestStatus};
use deepsource_webhooks::issue::IssueCategory;
use deepsource_webhooks::legacy::{LegacyAnalysisUpdated, LegacyRunStatus};
use deepsource_webhooks::team_member::{TeamMemberRole, TeamMemberUpdated};
use deepsource_webhooks::test_event::TestEvent;

use crate::fixture::webhook;

fn analysis_run(case: &str) -> AnalysisRun {
    match webhook("analysis_run.updated", case).event {
        Event::AnalysisRunUpdated(data) => data.object,
        other => panic!("{}", other.name()),
    }
}

fn autofix_run(case: &str) -> AutofixRun {
    match webhook("autofix_run.updated", case).event {
        Event::AutofixRunUpdated(data) => data.object,
        other => panic!("{}", other.name()),
    }
}

fn test_event(case: &str) -> TestEvent {
    match webhook("test.event", case).event {
        Event::Test(event) => *event,
        other => panic!("{}", other.name()),
    }
}

fn legacy(case: &str) -> LegacyAnalysisUpdated {
    match webhook("analysis.updated", case).event {
        Event::LegacyAnalysisUpdated(data) => *data,
        other => panic!("{}", other.name()),
    }
}

fn member(case: &str) -> TeamMemberUpdated {
    match webhook("team_member.updated", case).event {
        Event::TeamMemberUpdated(data) => *data,
        other => panic!("{}", other.name()),
    }
}

#[test]
fn the_last_check_caused_the_event_whatever_its_number() {
    let run = analysis_run("trigger_is_last_check");
    let last = run.last_check().unwrap();
    assert_eq!(last.sequence, Some(1));
    assert_eq!(last.analyzer.as_ref().unwrap().shortcode.as_deref(), Some("rust"));
    let order: Vec<_> = run.checks.iter().filter_map(|check| check.sequence).collect();
    assert_eq!(order, [2, 1]);
    assert_eq!(analysis_run("no_checks").last_check(), None);
}

#[test]
fn a_run_may_be_pending_while_its_checks_have_ended() {
    let run = analysis_run("vendor_page");
    assert_eq!(run.status, Some(AnalysisRunStatus::Pending.into()));
    let statuses: Vec<_> = run.checks.iter().filter_map(|check| check.status.as_ref()?.listed()).collect();
    assert_eq!(statuses, [CheckStatus::Pending, CheckStatus::Success, CheckStatus::Failure]);
    let ended: Vec<_> = run.checks.iter().map(|check| check.finished_at.is_some()).collect();
    assert_eq!(ended, [false, true, true]);
}

#[test]
fn a_run_begins_with_zeros_and_not_without_a_summary() {
    let Event::AnalysisRunStarted(data) = webhook("analysis_run.started", "vendor_page").event else {
        panic!()
    };
    let summary = data.object.summary.unwrap();
    assert_eq!(summary.occurrences_introduced, Some(0));
    assert_eq!(summary.occurrence_distribution_by_analyzer.len(), 1);
    assert!(summary.occurrence_distribution_by_category.is_empty());
}

#[test]
fn what_was_found_is_counted_by_category() {
    let summary = analysis_run("vendor_page").summary.unwrap();
    let found: Vec<_> = summary
        .occurrence_distribution_by_category
        .iter()
        .filter_map(|part| Some((part.category.as_ref()?.listed()?, part.introduced?)))
        .collect();
    assert_eq!(found, [(IssueCategory::AntiPattern, 4), (IssueCategory::BugRisk, 2)]);
}

#[test]
fn an_autofix_failed_in_either_spelling_and_keeps_it() {
    for (case, spelling) in [("failed_as_fail", "FAIL"), ("failed_as_failure", "FAILURE")] {
        let run = autofix_run(case);
        assert!(run.failed(), "{case}");
        assert_eq!(run.status.unwrap().as_str(), spelling);
    }
    let run = autofix_run("vendor_page");
    assert!(!run.failed());
    assert_eq!(run.status, Some(AutofixRunStatus::Success.into()));
    assert!(!autofix_run("unlisted_values").failed());
    assert!(!autofix_run("null_wherever_it_can_be").failed());
}

#[test]
fn only_the_pull_request_of_the_fix_has_a_status() {
    let Event::AutofixRunStarted(data) = webhook("autofix_run.started", "vendor_page").event else {
        panic!()
    };
    assert_eq!(data.object.source_pull_request.unwrap().status, None);
    assert_eq!(data.object.autofix_pull_request, None);
    let fix = autofix_run("vendor_page").autofix_pull_request.unwrap();
    assert_eq!(fix.status, Some(PullRequestStatus::Open.into()));
}

#[test]
fn a_commit_may_have_the_name_of_a_branch() {
    let Event::RepositoryAnalysisActivated(data) =
        webhook("repository.analysis.activated", "branch_name_as_commit").event
    else {
        panic!()
    };
    assert_eq!(data.object.latest_commit_oid, data.object.default_branch);
    assert_eq!(data.object.vcs_provider, Some(VcsProvider::GitLab.into()));
}

#[test]
fn the_count_of_occurrences_is_not_that_of_the_list() {
    let Event::RepositoryIssueIntroduced(data) =
        webhook("repository_issue.introduced", "whole_file_and_more_than_listed").event
    else {
        panic!()
    };
    assert_eq!(data.issue_occurrences_introduced, Some(120));
    let [occurrence] = &data.object.occurrences[..] else { panic!() };
    assert_eq!((occurrence.begin_line, occurrence.end_line), (Some(0), Some(-1)));

    let Event::RepositoryIssueResolved(data) = webhook("repository_issue.resolved", "vendor_page").event
    else {
        panic!()
    };
    assert_eq!(data.issue_occurrences_resolved, Some(1));
    assert!(data.object.occurrences.is_empty());
}

#[test]
fn a_changed_role_is_in_the_member_already() {
    let updated = member("admin_no_longer");
    assert_eq!(updated.old_role, Some(TeamMemberRole::Admin.into()));
    assert_eq!(updated.new_role, Some(TeamMemberRole::Member.into()));
    assert_eq!(updated.object.role, updated.new_role);
}

#[test]
fn a_name_may_be_empty() {
    let Event::TeamMemberRemoved(data) = webhook("team_member.removed", "empty_last_name").event else {
        panic!()
    };
    assert_eq!(data.object.user.last_name.as_deref(), Some(""));
}

#[test]
fn a_test_is_one_in_either_spelling() {
    for case in ["vendor_page", "activation", "old_dialog", "both_spellings"] {
        assert_eq!(test_event(case).test(), Some(true), "{case}");
    }
}

#[test]
fn a_test_decodes_whatever_is_in_it() {
    for (case, kept) in [
        ("no_data", "null"),
        ("null_data", "null"),
        ("list_data", "[]"),
        ("text_data", r#""ping""#),
        ("number_data", "1"),
        ("empty_data", "{}"),
    ] {
        let event = test_event(case);
        assert_eq!(event.test(), None, "{case}");
        assert_eq!(event.data.get(), kept);
    }
    let more = test_event("more_data");
    assert_eq!(more.test(), None, "`maybe` is no flag");
    assert!(more.data.get().contains("Ping"));
}

#[test]
fn a_test_also_decodes_when_its_payload_comes_first() {
    for data in ["7", "[[[]]]", r#"{"test":{"test":1}}"#, r#"{"test":1,"test":2}"#] {
        let body = format!(r#"{{"data":{data},"id":"1","type":"test.event"}}"#);
        let webhook = deepsource_webhooks::Webhook::from_slice(body.as_bytes()).unwrap();
        let Event::Test(event) = webhook.event else { panic!() };
        assert_eq!(event.data.get(), data);
    }
}

#[test]
fn the_form_of_2021_has_its_checks_by_analyzer() {
    let data = legacy("vendor_page");
    assert_eq!(data.status, Some(LegacyRunStatus::Fail.into()));
    assert_eq!(data.last_updated_at, "2021-09-02T07:58:20.101990Z".parse::<DateTime<Utc>>().ok());
    assert_eq!(data.all_checks["python"].raised, Some(110));
    assert_eq!(data.current_check.keys().collect::<Vec<_>>(), ["python"]);
    assert!(data.errors.is_empty());
}

#[test]
fn the_form_of_2021_takes_more_than_its_sample_shows() {
    let data = legacy("no_checks");
    assert!(data.all_checks.is_empty() && data.current_check.is_empty() && data.errors.is_empty());

    let data = legacy("other_spellings");
    assert_eq!(data.current_check.len(), 2);
    assert_eq!(data.total_raised, Some(3));
    assert_eq!(data.status.unwrap().as_str(), "neut");
    assert_eq!(data.errors[1].as_text().as_deref(), Some("gone"));
}

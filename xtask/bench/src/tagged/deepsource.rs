//! DeepSource, with tagged enums.

use chrono::{DateTime, Utc};
use serde::Deserialize;

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Webhook {
    id: String,
    #[serde(with = "chrono::serde::ts_seconds")]
    created_at: DateTime<Utc>,
    #[serde(flatten)]
    event: Event,
}

#[derive(Deserialize)]
#[serde(tag = "type", content = "data")]
enum Event {
    #[serde(rename = "analysis_run.updated")]
    AnalysisRunUpdated(Box<AnalysisRunData>),
    #[serde(rename = "repository_issue.introduced")]
    RepositoryIssueIntroduced(Box<RepositoryIssueIntroduced>),
}

#[derive(Deserialize)]
struct AnalysisRunData {
    object: AnalysisRun,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct AnalysisRun {
    id: String,
    object: ObjectType,
    run_uid: String,
    status: Status,
    branch_name: Option<String>,
    base_oid: Option<String>,
    commit_oid: Option<String>,
    #[serde(with = "chrono::serde::ts_seconds")]
    created_at: DateTime<Utc>,
    #[serde(with = "chrono::serde::ts_seconds")]
    updated_at: DateTime<Utc>,
    repository: Option<Repository>,
    summary: Option<RunSummary>,
    checks: Vec<Check>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct RunSummary {
    object: ObjectType,
    occurrences_introduced: Option<u64>,
    occurrences_resolved: Option<u64>,
    occurrence_distribution_by_analyzer: Vec<AnalyzerDistribution>,
    occurrence_distribution_by_category: Vec<CategoryDistribution>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct AnalyzerDistribution {
    object: ObjectType,
    analyzer_shortcode: String,
    introduced: Option<u64>,
}

#[derive(Deserialize)]
struct CategoryDistribution {
    object: ObjectType,
    category: Category,
    introduced: Option<u64>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Check {
    id: String,
    object: ObjectType,
    sequence: Option<u64>,
    status: Status,
    analyzer: Option<Analyzer>,
    #[serde(with = "chrono::serde::ts_seconds")]
    created_at: DateTime<Utc>,
    #[serde(with = "chrono::serde::ts_seconds")]
    updated_at: DateTime<Utc>,
    #[serde(with = "chrono::serde::ts_seconds_option", default)]
    finished_at: Option<DateTime<Utc>>,
    summary: Option<CheckSummary>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct CheckSummary {
    object: ObjectType,
    occurrences_introduced: Option<u64>,
    occurrences_resolved: Option<u64>,
    occurrence_distribution_by_category: Vec<CategoryDistribution>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct RepositoryIssueIntroduced {
    object: RepositoryIssue,
    issue_occurrences_introduced: Option<u64>,
}

#[derive(Deserialize)]
struct RepositoryIssue {
    id: String,
    object: ObjectType,
    repository: Option<Repository>,
    issue: Option<Issue>,
    occurrences: Vec<Occurrence>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Repository {
    id: String,
    object: ObjectType,
    name: Option<String>,
    vcs_provider: Option<VcsProvider>,
    vcs_url: Option<String>,
    default_branch: Option<String>,
    latest_commit_oid: Option<String>,
    is_private: Option<bool>,
    is_activated: Option<bool>,
    account: Option<Account>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Account {
    id: String,
    object: ObjectType,
    login: Option<String>,
    vcs_provider: Option<VcsProvider>,
    #[serde(rename = "type")]
    kind: Option<AccountType>,
    avatar_url: Option<String>,
    vcs_url: Option<String>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Analyzer {
    id: String,
    object: ObjectType,
    shortcode: Option<String>,
    name: Option<String>,
    logo_url: Option<String>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Issue {
    id: String,
    object: ObjectType,
    shortcode: Option<String>,
    title: Option<String>,
    short_description: Option<String>,
    category: Option<Category>,
    autofix_available: Option<bool>,
    is_recommended: Option<bool>,
    analyzer: Option<Analyzer>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Occurrence {
    id: String,
    object: ObjectType,
    title: Option<String>,
    path: Option<String>,
    begin_line: Option<i64>,
    begin_column: Option<i64>,
    end_line: Option<i64>,
    end_column: Option<i64>,
}

#[derive(Deserialize)]
enum ObjectType {
    AnalysisRun,
    AnalysisRunSummary,
    OccurrenceDistributionByAnalyzer,
    OccurrenceDistributionByCategory,
    Check,
    CheckSummary,
    Analyzer,
    Repository,
    Account,
    AutofixRun,
    Issue,
    RepositoryIssue,
    Occurrence,
    TeamMember,
    User,
    #[serde(other)]
    Other,
}

#[derive(Deserialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
enum Status {
    Waiting,
    Pending,
    Success,
    Failure,
    Timeout,
    Cancel,
    Ready,
    Neutral,
    ArtifactTimeout,
    Skipped,
    #[serde(other)]
    Other,
}

#[derive(Deserialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
enum Category {
    AntiPattern,
    BugRisk,
    Performance,
    Security,
    Coverage,
    Typecheck,
    Style,
    Documentation,
    Secrets,
    #[serde(other)]
    Other,
}

#[derive(Deserialize)]
enum VcsProvider {
    #[serde(rename = "GITHUB")]
    GitHub,
    #[serde(rename = "GITLAB")]
    GitLab,
    #[serde(rename = "BITBUCKET")]
    Bitbucket,
    #[serde(other)]
    Other,
}

#[derive(Deserialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
enum AccountType {
    Team,
    Individual,
    #[serde(other)]
    Other,
}

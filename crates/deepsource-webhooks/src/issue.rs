//! Issues: the kinds of findings of an analyzer.

use webhook_core::{Open, Wire};

use crate::analyzer::Analyzer;
use crate::object::{NodeId, ObjectType};

/// A kind of finding. An issue without an id keeps its title.
///
/// **Trap:** webhooks have no severity, although the vendor's API has one.
///
/// [Vendor page](https://docs.deepsource.com/docs/developers/webhooks/events)
#[derive(Debug, Clone, PartialEq, Wire)]
#[wire(rename_all = "camelCase")]
#[doc(alias = "repository_issue.introduced")]
#[doc(alias = "repository_issue.resolved")]
#[doc(alias = "autofix_run.started")]
#[doc(alias = "autofix_run.updated")]
#[non_exhaustive]
pub struct Issue {
    /// The id of the issue.
    pub id: Option<NodeId>,
    /// Always `Issue`.
    #[wire(rename = "object")]
    pub object_type: Option<Open<ObjectType>>,
    /// The code of the issue, such as `RS-W1031`. The vendor often adds new codes.
    pub shortcode: Option<String>,
    /// The title; may contain code in Markdown backticks.
    pub title: Option<String>,
    /// The description, in Markdown.
    pub short_description: Option<String>,
    /// The category of the issue.
    pub category: Option<Open<IssueCategory>>,
    /// Whether DeepSource can fix it automatically.
    pub autofix_available: Option<bool>,
    /// Whether DeepSource recommends to check for it.
    pub is_recommended: Option<bool>,
    /// The analyzer that finds it.
    pub analyzer: Option<Analyzer>,
}

webhook_core::vocabulary! {
    /// The category of an issue.
    ///
    /// [Vendor page](https://docs.deepsource.com/docs/apis-reference-enums)
    pub enum IssueCategory {
        /// Correct code that should be written in another way.
        AntiPattern = "ANTI_PATTERN",
        /// Code that may not do what was intended.
        BugRisk = "BUG_RISK",
        /// Code that is slower than necessary.
        Performance = "PERFORMANCE",
        /// Code that is vulnerable to attacks.
        Security = "SECURITY",
        /// Code that is not covered by tests.
        Coverage = "COVERAGE",
        /// Code with type errors.
        Typecheck = "TYPECHECK",
        /// Code with inconsistent formatting.
        Style = "STYLE",
        /// Code without documentation.
        Documentation = "DOCUMENTATION",
        /// Passwords and keys in code.
        Secrets = "SECRETS",
    }
}

//! Issues: what an analyzer can find, described once for all code.

use webhook_core::{Open, Wire};

use crate::analyzer::Analyzer;
use crate::object::{NodeId, ObjectType};

/// A kind of finding; one without an id keeps its title.
///
/// **Trap:** webhooks tell no severity, although the vendor's API has one.
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
    /// The code of the issue, such as `RS-W1031`; new ones are added all the time.
    pub shortcode: Option<String>,
    /// The title; may hold code in Markdown's backticks.
    pub title: Option<String>,
    /// What the issue is about, in Markdown.
    pub short_description: Option<String>,
    /// What the issue endangers.
    pub category: Option<Open<IssueCategory>>,
    /// Whether DeepSource can fix it by itself.
    pub autofix_available: Option<bool>,
    /// Whether DeepSource recommends to look for it.
    pub is_recommended: Option<bool>,
    /// The analyzer that finds it.
    pub analyzer: Option<Analyzer>,
}

webhook_core::vocabulary! {
    /// What an issue endangers.
    ///
    /// [Vendor page](https://docs.deepsource.com/docs/apis-reference-enums)
    pub enum IssueCategory {
        /// Working code that is better written differently.
        AntiPattern = "ANTI_PATTERN",
        /// Code that may do something else than was meant.
        BugRisk = "BUG_RISK",
        /// Code that is slower than it has to be.
        Performance = "PERFORMANCE",
        /// Code that can be attacked.
        Security = "SECURITY",
        /// Code that no test reaches.
        Coverage = "COVERAGE",
        /// Code whose types do not fit.
        Typecheck = "TYPECHECK",
        /// Code that is formatted differently from its surroundings.
        Style = "STYLE",
        /// Code without a description.
        Documentation = "DOCUMENTATION",
        /// Passwords and keys in code.
        Secrets = "SECRETS",
    }
}

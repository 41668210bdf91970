// Goals over GitHub's API, as people would ask for them, with the operations that a plan for each needs. They were
// written before the search was. `SEEN` was looked at while the search was made, `KEPT` only at the end.

/** A goal. Of a need that is a list, any one operation will do. */
export interface ToolGoal {
  readonly goal: string;
  readonly needs: readonly (string | readonly string[])[];
}

export const SEEN: readonly ToolGoal[] = [
  {
    goal: "Which open issues in acme/shop are labelled bug? Give me the titles.",
    needs: [["issues_list-for-repo", "search_issues-and-pull-requests"]],
  },
  {
    goal: "Close issue 42 in acme/shop and leave a note that it was fixed in 2.1.",
    needs: ["issues_update", "issues_create-comment"],
  },
  {
    goal: "Who still has to review pull request 17 in acme/shop? Nudge them in a comment.",
    needs: ["pulls_list-requested-reviewers", "issues_create-comment"],
  },
  {
    goal: "Show me the log of the job that broke in run 991 of acme/shop.",
    needs: ["actions_list-jobs-for-workflow-run", "actions_download-job-logs-for-workflow-run"],
  },
  { goal: "Kick off deploy.yml on main in acme/shop.", needs: ["actions_create-workflow-dispatch"] },
  {
    goal: "Publish version v2.1.0 of acme/shop with notes written from the merged pull requests.",
    needs: ["repos_generate-release-notes", "repos_create-release"],
  },
  {
    goal: "Add lee to the platform team of acme.",
    needs: ["teams_add-or-update-membership-for-user-in-org"],
  },
  { goal: "Invite dana@example.org to acme as a member.", needs: ["orgs_create-invitation"] },
  {
    goal: "Put the password in deploy.txt into the CI secrets of acme/shop as DEPLOY_TOKEN; it has to be encrypted first.",
    needs: ["actions_get-repo-public-key", "actions_create-or-update-repo-secret"],
  },
  {
    goal: "Protect the main branch of acme/shop so that two people must approve a change.",
    needs: [
      [
        "repos_update-branch-protection",
        "repos_update-pull-request-review-protection",
        "repos_create-repo-ruleset",
      ],
    ],
  },
  {
    goal: "Who wrote most of acme/shop?",
    needs: [["repos_list-contributors", "repos_get-contributors-stats"]],
  },
  {
    goal: "Put the text of CONTRIBUTING.md of acme/shop into acme/blog as well.",
    needs: ["repos_get-content", "repos_create-or-update-file-contents"],
  },
  {
    goal: "Delete all branches of acme/shop that begin with tmp/.",
    needs: [["git_list-matching-refs", "repos_list-branches"], "git_delete-ref"],
  },
  {
    goal: "Dismiss Dependabot alert 7 in acme/shop: we don't use that code.",
    needs: ["dependabot_update-alert"],
  },
  {
    goal: "Close code scanning alert 3 in acme/shop as a false positive.",
    needs: ["code-scanning_update-alert"],
  },
  {
    goal: "Thumbs up on the first comment of issue 9 in acme/shop.",
    needs: ["issues_list-comments", "reactions_create-for-issue-comment"],
  },
  {
    goal: "Create a label 'needs design' in pink in acme/shop and put it on issue 5.",
    needs: ["issues_create-label", "issues_add-labels"],
  },
  {
    goal: "Make issue 12 of acme/shop a part of issue 10.",
    needs: ["issues_get", "issues_add-sub-issue"],
  },
  {
    goal: "Turn on GitHub Pages for acme/docs from the main branch and tell me when it is built.",
    needs: [
      "repos_create-pages-site",
      ["repos_get-latest-pages-build", "repos_list-pages-builds", "repos_get-pages"],
    ],
  },
  {
    goal: "Send a test ping to all hooks of acme/shop.",
    needs: ["repos_list-webhooks", "repos_ping-webhook"],
  },
  { goal: "Star octokit/rest.js for me.", needs: ["activity_star-repo-for-authenticated-user"] },
  {
    goal: "What is waiting in my inbox on GitHub?",
    needs: ["activity_list-notifications-for-authenticated-user"],
  },
  {
    goal: "Comment on my latest gist that it is outdated.",
    needs: ["gists_list", "gists_create-comment"],
  },
  { goal: "Where in acme/shop do we call the function parsePrice?", needs: ["search_code"] },
  {
    goal: "Delete the oldest version of our container image shop in the acme org.",
    needs: [
      "packages_get-all-package-versions-for-package-owned-by-org",
      "packages_delete-package-version-for-org",
    ],
  },
  {
    goal: "Who in acme has a Copilot seat and hasn't used it for 30 days? Take their seats away.",
    needs: ["copilot_list-copilot-seats", "copilot_cancel-copilot-seat-assignment-for-users"],
  },
  { goal: "Which runners of acme are offline?", needs: ["actions_list-self-hosted-runners-for-org"] },
  { goal: "Rename the branch master of acme/legacy to main.", needs: ["repos_rename-branch"] },
  {
    goal: "Answer the second review remark on pull request 8 in acme/shop with 'done'.",
    needs: ["pulls_list-review-comments", "pulls_create-reply-for-review-comment"],
  },
  {
    goal: "Open a pull request in acme/shop from feature/search to main, and put the label search on it.",
    needs: ["pulls_create", "issues_add-labels"],
  },
];

export const KEPT: readonly ToolGoal[] = [
  {
    goal: "Open an issue in acme/shop: 'Checkout fails on Safari'. Maria should take care of it.",
    needs: ["issues_create"],
  },
  {
    goal: "Merge pull request 17 of acme/shop if all its checks are green.",
    needs: ["pulls_get", ["repos_get-combined-status-for-ref", "checks_list-for-ref"], "pulls_merge"],
  },
  {
    goal: "The last run of the nightly workflow in acme/shop failed. Start its failed jobs again.",
    needs: [
      ["actions_list-workflow-runs-for-repo", "actions_list-workflow-runs"],
      "actions_re-run-workflow-failed-jobs",
    ],
  },
  {
    goal: "Stop everything that CI is running right now in acme/shop.",
    needs: [
      "actions_list-workflow-runs-for-repo",
      ["actions_cancel-workflow-run", "actions_force-cancel-workflow-run"],
    ],
  },
  {
    goal: "What is the newest release of acme/shop, and how often were its files downloaded?",
    needs: [["repos_get-latest-release", "repos_list-releases"]],
  },
  {
    goal: "Give everybody in the team platform of acme write access to acme/shop.",
    needs: ["teams_add-or-update-repo-permissions-in-org"],
  },
  { goal: "Who is in the acme org but has no two-factor login?", needs: ["orgs_list-members"] },
  {
    goal: "Remove user bob from the acme organization.",
    needs: [["orgs_remove-member", "orgs_remove-membership-for-user"]],
  },
  {
    goal: "Change the CI variable NODE_VERSION of acme/shop to 22.",
    needs: ["actions_update-repo-variable"],
  },
  {
    goal: "What changed in acme/shop between v1.9 and v2.0?",
    needs: [["repos_compare-commits-with-basehead", "repos_compare-commits"]],
  },
  {
    goal: "How many people looked at acme/shop in the last two weeks, and which sites did they come from?",
    needs: ["repos_get-views", "repos_get-top-referrers"],
  },
  {
    goal: "Make a branch hotfix from main in acme/shop.",
    needs: [["git_get-ref", "repos_get-branch"], "git_create-ref"],
  },
  {
    goal: "Which alerts about vulnerable dependencies are critical in acme/shop?",
    needs: ["dependabot_list-alerts-for-repo"],
  },
  {
    goal: "Did anybody push a password or another secret into acme/shop? Show me in which files.",
    needs: ["secret-scanning_list-alerts-for-repo", "secret-scanning_list-locations-for-alert"],
  },
  {
    goal: "Export the software bill of materials of acme/shop.",
    needs: [["dependency-graph_export-sbom", "dependency-graph_generate-sbom-report"]],
  },
  {
    goal: "Move all open issues of acme/shop from the milestone May to the milestone June.",
    needs: ["issues_list-milestones", "issues_list-for-repo", "issues_update"],
  },
  { goal: "Lock the heated discussion under issue 77 in acme/shop.", needs: ["issues_lock"] },
  {
    goal: "Which issues block issue 31 in acme/shop?",
    needs: ["issues_list-dependencies-blocked-by"],
  },
  {
    goal: "Our hook to https://ci.example.org in acme/shop missed events yesterday; deliver the failed ones again.",
    needs: ["repos_list-webhooks", "repos_list-webhook-deliveries", "repos_redeliver-webhook-delivery"],
  },
  {
    goal: "Fork acme/shop into my account, and bring my fork's main up to date with the original.",
    needs: ["repos_create-fork", "repos_merge-upstream"],
  },
  {
    goal: "Mark all my notifications of acme/shop as read.",
    needs: ["activity_mark-repo-notifications-as-read"],
  },
  {
    goal: "Find Go repositories about rate limiting with more than 500 stars.",
    needs: ["search_repos"],
  },
  {
    goal: "Start my codespace for acme/shop; if there is none, make one.",
    needs: [
      ["codespaces_list-in-repository-for-authenticated-user", "codespaces_list-for-authenticated-user"],
      "codespaces_start-for-authenticated-user",
      "codespaces_create-with-repo-for-authenticated-user",
    ],
  },
  {
    goal: "How much did acme spend on GitHub this month?",
    needs: [
      ["billing_get-github-billing-usage-report-org", "billing_get-github-billing-usage-summary-report-org"],
    ],
  },
  {
    goal: "Approve the deployment to production that run 1200 in acme/shop waits for.",
    needs: ["actions_get-pending-deployments-for-run", "actions_review-pending-deployments-for-run"],
  },
  {
    goal: "Clear the build cache of acme/shop for the branch main.",
    needs: [
      "actions_get-actions-cache-list",
      ["actions_delete-actions-cache-by-id", "actions_delete-actions-cache-by-key"],
    ],
  },
  { goal: "Hand the repository acme/old-site over to the user kim.", needs: ["repos_transfer"] },
  {
    goal: "Ask lin and the design team to look at pull request 30 in acme/shop.",
    needs: ["pulls_request-reviewers"],
  },
  {
    goal: "Add issue 5 of acme/shop to the acme project Roadmap.",
    needs: ["issues_get", "projects_list-for-org", "projects_add-item-for-org"],
  },
  {
    goal: "Pull request 17 of acme/shop is behind main: bring it up to date.",
    needs: ["pulls_update-branch"],
  },
];

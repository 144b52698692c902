#pragma once

#include <string>
#include <vector>

#include "daemon/publish/publish.h"

namespace driftd {

/// Something that a reviewer is shown at a line of the change: a finding, a part of the models that
/// is not understood, a look that could not tell.
struct Remark {
  enum class Level { Error, Warning, Note };
  Level level = Level::Error;
  std::string rule;         ///< `missing-column`, `not-understood`, `cannot-tell`
  std::string title;        ///< half a sentence
  std::string text;         ///< whole sentences
  Place place;              ///< file relative to `root`; empty where there is none
  std::string fingerprint;  ///< empty where it is no finding
};

/// Of a finding between models and migrations the place is the model's, else the migration's.
/// `root`: the folder that paths are told from, as the checkout in CI; what is outside of it stays
/// absolute.
std::vector<Remark> remarks_of(const AllPublished& all, const std::string& root);

/// GitHub's workflow commands, a line a remark: annotations at lines of a pull request
/// (https://docs.github.com/actions/reference/workflow-commands-for-github-actions).
std::string github_text(const std::vector<Remark>& remarks);

/// SARIF 2.1.0 (https://docs.oasis-open.org/sarif/sarif/v2.1.0/), for code scanning.
std::string sarif_text(const std::vector<Remark>& remarks, const std::string& version);

}  // namespace driftd

#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <set>

#include "expected_schema/alembic/revision.h"
#include "expected_schema/base/text.h"

namespace driftd::alembic {

namespace {

const Revision* by_id(const std::vector<Revision>& revisions, const std::string& id) {
  const auto found = std::find_if(revisions.begin(), revisions.end(),
                                  [&](const Revision& revision) { return revision.id == id; });
  return found == revisions.end() ? nullptr : &*found;
}

/// The only revision whose id begins so; null where there is none, or more than one.
const Revision* by_prefix(const std::vector<Revision>& revisions, const std::string& prefix) {
  constexpr std::size_t shortest = 4;  // Alembic's own bound
  const Revision* found = nullptr;
  if (prefix.size() < shortest) return nullptr;
  for (const Revision& revision : revisions) {
    if (!revision.id.starts_with(prefix)) continue;
    if (found != nullptr) return nullptr;
    found = &revision;
  }
  return found;
}

/// What `depends_on` names: an id, a branch label, or the beginning of an id.
const Revision* dependency(const std::vector<Revision>& revisions, const std::string& name) {
  if (const Revision* revision = by_id(revisions, name)) return revision;
  for (const Revision& revision : revisions) {
    const auto& labels = revision.branch_labels;
    if (std::find(labels.begin(), labels.end(), name) != labels.end()) return &revision;
  }
  return by_prefix(revisions, name);
}

[[noreturn]] void missing(const Revision& revision, std::string_view what, const std::string& id) {
  throw Error(Reason::History,
              fmt::format("revision {} has the {} {}, which no file has", revision.id, what, id),
              "Restore the missing revision file, or correct the id.",
              revision.place.file.empty() ? Place{revision.file, 0, 0} : revision.place);
}

std::vector<std::string> needs(const std::vector<Revision>& revisions, const Revision& revision) {
  std::vector<std::string> ids;
  for (const std::string& id : revision.down_revisions) {
    if (by_id(revisions, id) == nullptr) missing(revision, "down_revision", id);
    ids.push_back(id);
  }
  for (const std::string& name : revision.depends_on) {
    const Revision* needed = dependency(revisions, name);
    if (needed == nullptr) missing(revision, "depends_on", name);
    ids.push_back(needed->id);
  }
  return ids;
}

void refuse_twins(const std::vector<Revision>& revisions) {
  std::map<std::string, const Revision*> seen;
  for (const Revision& revision : revisions) {
    const auto [at, fresh] = seen.emplace(revision.id, &revision);
    if (fresh) continue;
    throw Error(Reason::History,
                fmt::format("revision {} is in two files, {} and {}", revision.id, at->second->file,
                            revision.file),
                "Remove one of them, or give it an id of its own.",
                revision.place.file.empty() ? Place{revision.file, 0, 0} : revision.place);
  }
}

[[noreturn]] void circle(const std::vector<Revision>& left) {
  std::vector<std::string> files;
  for (const Revision& revision : left) files.push_back(revision.file);
  std::sort(files.begin(), files.end());
  throw Error(Reason::History, "revisions that need each other: " + join(files, ", "),
              "Correct a down_revision or depends_on so that there is a first one.",
              {files.front(), 0, 0});
}

}  // namespace

RevisionGraph::RevisionGraph(std::vector<Revision> revisions) {
  refuse_twins(revisions);
  std::map<std::string, std::set<std::string>> open;        // revision to what it waits for
  std::map<std::string, std::vector<std::string>> waiting;  // revision to those that wait for it
  std::set<std::string> ready;
  for (const Revision& revision : revisions) {
    auto& wants = open[revision.id];
    for (const std::string& id : needs(revisions, revision)) {
      if (wants.insert(id).second) waiting[id].push_back(revision.id);
    }
    if (wants.empty()) ready.insert(revision.id);
  }
  std::map<std::string, std::size_t> position;
  for (std::size_t i = 0; i < revisions.size(); ++i) position[revisions[i].id] = i;
  while (!ready.empty()) {
    const std::string id = *ready.begin();
    ready.erase(ready.begin());
    open.erase(id);
    revisions_.push_back(revisions[position.at(id)]);
    for (const std::string& next : waiting[id]) {
      auto& wants = open.at(next);
      wants.erase(id);
      if (wants.empty()) ready.insert(next);
    }
  }
  if (!open.empty()) {
    std::erase_if(revisions, [&](const Revision& revision) { return !open.contains(revision.id); });
    circle(revisions);
  }
}

std::vector<std::string> RevisionGraph::heads() const {
  std::set<std::string> named;
  for (const Revision& revision : revisions_) {
    named.insert(revision.down_revisions.begin(), revision.down_revisions.end());
  }
  std::vector<std::string> result;
  for (const Revision& revision : revisions_) {
    if (!named.contains(revision.id)) result.push_back(revision.id);
  }
  return result;
}

const Revision* RevisionGraph::find(const std::string& id) const {
  const Revision* exact = by_id(revisions_, id);
  return exact != nullptr ? exact : by_prefix(revisions_, id);
}

std::vector<const Revision*> RevisionGraph::ancestors(const std::vector<std::string>& ids) const {
  std::set<std::string> wanted;
  for (const std::string& id : ids) {
    const Revision* revision = find(id);
    if (revision == nullptr) {
      throw Error(Reason::History, fmt::format("revision {} is in no file", id),
                  "Restore the missing revision file.");
    }
    wanted.insert(revision->id);
  }
  std::vector<const Revision*> result;
  // Behind a revision stands nothing that it needs, so one pass from the end finds all.
  for (auto at = revisions_.rbegin(); at != revisions_.rend(); ++at) {
    if (!wanted.contains(at->id)) continue;
    for (const std::string& id : needs(revisions_, *at)) wanted.insert(id);
    result.push_back(&*at);
  }
  std::reverse(result.begin(), result.end());
  return result;
}

}  // namespace driftd::alembic

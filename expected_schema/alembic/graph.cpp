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

/// What each revision needs, by places in the order of reading.
struct Needs {
  std::vector<std::size_t> down;
  std::vector<std::size_t> depended;
};

std::vector<Needs> resolve(const std::vector<Revision>& revisions) {
  std::map<std::string, std::size_t> places;
  for (std::size_t i = 0; i < revisions.size(); ++i) places.emplace(revisions[i].id, i);
  std::vector<Needs> result(revisions.size());
  for (std::size_t i = 0; i < revisions.size(); ++i) {
    for (const std::string& id : revisions[i].down_revisions) {
      const auto found = places.find(id);
      if (found == places.end()) missing(revisions[i], "down_revision", id);
      result[i].down.push_back(found->second);
    }
    for (const std::string& name : revisions[i].depends_on) {
      const Revision* needed = dependency(revisions, name);
      if (needed == nullptr) missing(revisions[i], "depends_on", name);
      result[i].depended.push_back(places.at(needed->id));
    }
  }
  return result;
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

void refuse_circles(const std::vector<Revision>& revisions, const std::vector<Needs>& needs) {
  std::vector<std::size_t> open(revisions.size());
  std::vector<std::vector<std::size_t>> waiting(revisions.size());
  std::vector<std::size_t> ready;
  for (std::size_t i = 0; i < revisions.size(); ++i) {
    for (const auto* some : {&needs[i].down, &needs[i].depended}) {
      for (const std::size_t needed : *some) waiting[needed].push_back(i);
      open[i] += some->size();
    }
    if (open[i] == 0) ready.push_back(i);
  }
  while (!ready.empty()) {
    const std::size_t done = ready.back();
    ready.pop_back();
    for (const std::size_t next : waiting[done]) {
      if (--open[next] == 0) ready.push_back(next);
    }
  }
  std::vector<Revision> left;
  for (std::size_t i = 0; i < revisions.size(); ++i) {
    if (open[i] != 0) left.push_back(revisions[i]);
  }
  if (!left.empty()) circle(left);
}

using Parents = std::vector<std::vector<std::size_t>>;

/// The given revision and all that lies before it.
std::vector<bool> before(const Parents& parents, std::size_t from) {
  std::vector<bool> result(parents.size());
  std::vector<std::size_t> open = {from};
  while (!open.empty()) {
    const std::size_t at = open.back();
    open.pop_back();
    if (result[at]) continue;
    result[at] = true;
    open.insert(open.end(), parents[at].begin(), parents[at].end());
  }
  return result;
}

/// Where Alembic's walk goes from each revision: to its down_revisions as they are written, then to
/// what it depends on, but for what a revision before it by down_revisions depends on already.
Parents walked(const std::vector<Needs>& needs) {
  Parents down(needs.size());
  for (std::size_t i = 0; i < needs.size(); ++i) down[i] = needs[i].down;
  Parents result(needs.size());
  const auto add = [](std::vector<std::size_t>& to, std::size_t one) {
    if (std::find(to.begin(), to.end(), one) == to.end()) to.push_back(one);
  };
  for (std::size_t i = 0; i < needs.size(); ++i) {
    for (const std::size_t parent : down[i]) add(result[i], parent);
    if (needs[i].depended.empty()) continue;
    const std::vector<bool> earlier = before(down, i);
    std::set<std::size_t> known;
    for (std::size_t j = 0; j < needs.size(); ++j) {
      if (j != i && earlier[j]) known.insert(needs[j].depended.begin(), needs[j].depended.end());
    }
    for (const std::size_t parent : needs[i].depended) {
      if (!known.contains(parent)) add(result[i], parent);
    }
  }
  return result;
}

/// The heads and all before them, in the order of `alembic upgrade`. Alembic walks from the heads,
/// taken in the order of reading, down to the bases, and runs the way back. It stays on a line as
/// long as it can: it leaves one at its base, for the line listed before it, and where the next
/// revision lies before the tip of another line, for that line. The second parent and those after
/// it begin lines at the list's end.
std::vector<std::size_t> replay_order(const Parents& parents,
                                      const std::vector<std::size_t>& heads) {
  std::vector<std::size_t> tips = heads;
  std::vector<std::vector<bool>> reach;
  for (const std::size_t tip : tips) reach.push_back(before(parents, tip));
  std::vector<bool> done(parents.size());
  std::vector<std::size_t> result;
  std::size_t line = 0;
  while (!tips.empty()) {
    const std::size_t tip = tips[line];
    std::size_t later = 0;
    while (later < tips.size() && (later == line || !reach[later][tip])) ++later;
    if (later < tips.size()) {
      line = later;
      continue;
    }
    result.push_back(tip);
    done[tip] = true;
    std::vector<std::size_t> next;
    for (const std::size_t parent : parents[tip]) {
      const bool listed = std::find(tips.begin(), tips.end(), parent) != tips.end();
      if (!listed && !done[parent]) next.push_back(parent);
    }
    const auto offset = static_cast<std::ptrdiff_t>(line);
    if (next.empty()) {
      tips.erase(tips.begin() + offset);
      reach.erase(reach.begin() + offset);
      if (line > 0) --line;
      continue;
    }
    tips[line] = next.front();
    if (parents[tip].size() == 1) {
      reach[line][tip] = false;  // all else lies before the parent too
    } else {
      reach[line] = before(parents, next.front());
    }
    for (std::size_t i = 1; i < next.size(); ++i) {
      tips.push_back(next[i]);
      reach.push_back(before(parents, next[i]));
    }
  }
  std::reverse(result.begin(), result.end());
  return result;
}

/// Those that lie before no other of them, in the order of reading.
std::vector<std::size_t> last_of(const Parents& parents, const std::set<std::size_t>& some) {
  std::set<std::size_t> result = some;
  for (const std::size_t one : some) {
    const std::vector<bool> earlier = before(parents, one);
    std::erase_if(result, [&](std::size_t other) { return other != one && earlier[other]; });
  }
  return {result.begin(), result.end()};
}

}  // namespace

RevisionGraph::RevisionGraph(std::vector<Revision> revisions) {
  refuse_twins(revisions);
  const std::vector<Needs> needs = resolve(revisions);
  refuse_circles(revisions, needs);
  parents_ = walked(needs);
  std::set<std::size_t> heads;
  for (std::size_t i = 0; i < revisions.size(); ++i) heads.insert(i);
  for (const auto& parents : parents_) {
    for (const std::size_t parent : parents) heads.erase(parent);
  }
  places_.resize(revisions.size());
  for (const std::size_t read : replay_order(parents_, {heads.begin(), heads.end()})) {
    places_[read] = revisions_.size();
    read_.push_back(read);
    revisions_.push_back(std::move(revisions[read]));
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
  std::set<std::size_t> wanted;
  for (const std::string& id : ids) {
    const Revision* revision = find(id);
    if (revision == nullptr) {
      throw Error(Reason::History, fmt::format("revision {} is in no file", id),
                  "Restore the missing revision file.");
    }
    wanted.insert(read_[static_cast<std::size_t>(revision - revisions_.data())]);
  }
  std::vector<const Revision*> result;
  for (const std::size_t read : replay_order(parents_, last_of(parents_, wanted))) {
    result.push_back(&revisions_[places_[read]]);
  }
  return result;
}

}  // namespace driftd::alembic

#include <algorithm>

#include "expected_schema/python/interpreter.h"

/// Code that may or may not have run when the migration was applied, as what a query gave decides.
/// It is run once, so that the host sees what it would do; what it changes is unknown afterwards.
namespace driftd::python {

std::shared_ptr<Region> Interpreter::open_region(const Why& why) {
  auto region = std::make_shared<Region>();
  region->begun = ++serial_;
  region->why = why;
  regions_.push_back(region);
  return region;
}

void Interpreter::close_region(const std::shared_ptr<Region>& region) {
  std::erase(regions_, region);
  region->blur();
}

void Interpreter::close_regions(std::vector<std::shared_ptr<Region>>& opened, std::size_t keep) {
  while (opened.size() > keep) {
    const auto last = std::move(opened.back());
    opened.pop_back();
    close_region(last);
  }
}

Interpreter::Maybe Interpreter::maybe(const Why& why, const std::function<Flow()>& work) {
  const auto region = open_region(why);
  Maybe result;
  try {
    result.flow = work();
  } catch (const Raised& raised) {
    result.raised = true;
    close_region(region);
    may_have_raised(raised, why);
    return result;
  } catch (...) {
    close_region(region);
    throw;
  }
  close_region(region);
  return result;
}

void Interpreter::may_have_raised(const Raised& raised, const Why& why) {
  // The migration was applied: what nobody catches was not raised.
  if (trying_.empty()) return;
  Trying& innermost = *trying_.back();
  innermost.regions.push_back(open_region(why));
  innermost.raised = raised;
  innermost.why = why;
}

Interpreter::Flow Interpreter::lingering(Flow flow, const Why& why) {
  if (flow == Flow::Return) {
    frame_->regions.push_back(open_region(why));
    frame_->uncertain = why;
  } else if (flow != Flow::Normal) {
    frame_->loop_regions.push_back(open_region(why));
  }
  return Flow::Normal;
}

std::optional<bool> Interpreter::known_truth(const Value& value, const Place& place, Why& why) {
  try {
    return truth(value, place);
  } catch (const Needed& needed) {
    if (needed.frame() != frame_) throw;
    why = needed.why();
    return std::nullopt;
  }
}

void Interpreter::need(const Why& why, const Place& place) const {
  throw Needed(why, frame_, place);
}

Why Interpreter::unknown_of(const Value& symbolic, const Place& place) {
  if (Why why = unknown_in(symbolic)) return why;
  const auto known = host_.run_time_only(symbolic, place);
  return known ? unknown_in(*known) : nullptr;
}

void Interpreter::blur_now(const Value& value) {
  const Value& plain = unwrapped(value);
  const bool container = plain.get_if<List>() != nullptr || plain.get_if<Dict>() != nullptr ||
                         plain.get_if<Set>() != nullptr;
  if (!container) return;
  touched(plain, false);
  blur(plain, 0, uncertain());
}

bool Interpreter::discards(const Place& call) const {
  return discarded_.first != nullptr && discarded_.second->place(*discarded_.first) == call;
}

void Interpreter::touched_name(Scope& scope, const std::string& name) {
  // The youngest first: one that has noted the name did so when all older ones were open, and they
  // did, too; and to whom the scope is their own, it is to those before.
  const auto key = std::pair<const Scope*, std::string>(&scope, name);
  for (auto youngest = regions_.rbegin(); youngest != regions_.rend(); ++youngest) {
    const auto& region = *youngest;
    if (scope.serial >= region->begun || region->names.contains(key)) return;
    charge(sizeof(Region::Name) + sizeof(key), here_);
    const auto bound = scope.names.find(name);
    region->names[key] = {scope.shared_from_this(), bound == scope.names.end()
                                                        ? std::nullopt
                                                        : std::optional(bound->second.value)};
  }
}

namespace {

const void* identity_of(const Value& container) {
  const Value& plain = unwrapped(container);
  if (const auto* dict = plain.get_if<Dict>()) return dict->get();
  if (const auto* list = plain.get_if<List>()) return list->get();
  const auto* set = plain.get_if<Set>();
  return set == nullptr ? nullptr : set->items.get();
}

}  // namespace

void Interpreter::touched(const Value& container, bool grows) {
  const void* identity = regions_.empty() ? nullptr : identity_of(container);
  if (identity == nullptr) return;
  for (const auto& region : regions_) {
    const std::size_t kept = grows ? size_of(container) : 0;
    const auto [at, added] =
        region->containers.try_emplace(identity, Region::Container{container, kept});
    if (added) charge(sizeof(Region::Container), here_);
    at->second.kept = std::min(at->second.kept, kept);
  }
}

void Interpreter::touched_attribute(const Value& object, const std::string& name) {
  for (const auto& region : regions_) {
    charge(sizeof(Value) + sizeof(std::string), here_);
    region->attributes.emplace_back(object, name);
  }
}

namespace {

bool one_of_names(std::string_view name, std::initializer_list<std::string_view> names) {
  return std::find(names.begin(), names.end(), name) != names.end();
}

bool grows(std::string_view name) {
  return one_of_names(name, {"append", "extend", "add", "update", "setdefault"});
}

bool mutates(std::string_view name) {
  return grows(name) ||
         one_of_names(name, {"pop", "insert", "remove", "clear", "discard", "sort", "reverse",
                             "popitem", "difference_update", "intersection_update",
                             "symmetric_difference_update", "move_to_end"});
}

/// Whether it handles unknown items as it does others: it keeps them, or asks for what it needs.
bool takes_unknown(std::string_view name) {
  return mutates(name) || one_of_names(name, {"print",
                                              "get",
                                              "dict",
                                              "list",
                                              "tuple",
                                              "set",
                                              "frozenset",
                                              "zip",
                                              "enumerate",
                                              "map",
                                              "filter",
                                              "reversed",
                                              "setattr",
                                              "getattr",
                                              "__init__ of a library",
                                              "iter",
                                              "next",
                                              "partial",
                                              "copy",
                                              "keys",
                                              "values",
                                              "items",
                                              "itertools.chain",
                                              "copy.copy",
                                              "itertools.chain.from_iterable",
                                              "functools.partial",
                                              "typing.cast",
                                              "collections.OrderedDict",
                                              "collections.defaultdict"});
}

bool is_container(const Value& value) {
  const Value& plain = unwrapped(value);
  return plain.get_if<List>() != nullptr || plain.get_if<Dict>() != nullptr ||
         plain.get_if<Set>() != nullptr;
}

/// Of a text that the native makes, what is known.
std::optional<std::string> text_of(std::string_view name, const Arguments& arguments) {
  const auto& given = arguments.positional;
  if (given.empty()) return std::nullopt;
  if (name == "format" && given.front().get_if<std::string>() != nullptr) {
    return with_unknown_parts(*given.front().get_if<std::string>(), false);
  }
  if (name == "str" || name == "textwrap.dedent") {
    const Unknown* unknown = given.front().unknown();
    return unknown != nullptr && unknown->text ? unknown->text : "$1";
  }
  if (name == "join") return "$1";
  return std::nullopt;
}

}  // namespace

Value Interpreter::call_native(const std::string& name, const Native& native, Arguments arguments,
                               const Place& place) {
  const bool object = !arguments.positional.empty() && is_container(arguments.positional.front());
  const bool changes = object && mutates(name);
  const Value self = changes ? arguments.positional.front() : Value();
  if (changes) touched(self, grows(name));
  if (!takes_unknown(name)) {
    for (const Value& value : arguments.positional) {
      if (const auto* why = value.get_if<Why>()) return derived(*why, text_of(name, arguments));
    }
    for (const auto& [key, value] : arguments.keyword) {
      if (const auto* why = value.get_if<Why>()) return derived(*why, text_of(name, arguments));
    }
  }
  const auto text = text_of(name, arguments);
  try {
    return native(*this, std::move(arguments), place);
  } catch (const Needed& needed) {
    if (needed.frame() != frame_) throw;
    if (changes) blur(self, grows(name) ? size_of(self) : 0, needed.why());
    return derived(needed.why(), name == "str" ? needed.why()->text : text);
  }
}

}  // namespace driftd::python

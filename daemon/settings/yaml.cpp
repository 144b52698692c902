#include "daemon/settings/yaml.h"

#include <yaml-cpp/eventhandler.h>
#include <yaml-cpp/exceptions.h>
#include <yaml-cpp/parser.h>

#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <sstream>

namespace driftd::yaml {
namespace {

Mark mark_of(const YAML::Mark& mark) {
  return {mark.line + 1, mark.column + 1};
}

/// Builds the tree from yaml-cpp's events.
class Builder final : public YAML::EventHandler {
 public:
  explicit Builder(const Complain& complain) : complain_(complain) {}

  std::shared_ptr<const Node> root() const { return root_; }

  void OnDocumentStart(const YAML::Mark&) override {}
  void OnDocumentEnd() override {}
  void OnNull(const YAML::Mark& mark, YAML::anchor_t anchor) override {
    place(make(Node::Kind::Null, mark, anchor));
  }
  void OnScalar(const YAML::Mark& mark, const std::string& tag, YAML::anchor_t anchor,
                const std::string& value) override {
    // Quoted text has the tag "!"; plain text "?" may spell null.
    const bool null = tag == "?" && (value.empty() || value == "~" || value == "null");
    auto node = make(null ? Node::Kind::Null : Node::Kind::Scalar, mark, anchor);
    node->text = value;
    place(node);
  }
  void OnSequenceStart(const YAML::Mark& mark, const std::string&, YAML::anchor_t anchor,
                       YAML::EmitterStyle::value) override {
    open(make(Node::Kind::Sequence, mark, anchor));
  }
  void OnSequenceEnd() override { open_.pop_back(); }
  void OnMapStart(const YAML::Mark& mark, const std::string&, YAML::anchor_t anchor,
                  YAML::EmitterStyle::value) override {
    open(make(Node::Kind::Map, mark, anchor));
  }
  void OnMapEnd() override { open_.pop_back(); }
  void OnAlias(const YAML::Mark& mark, YAML::anchor_t anchor) override {
    const auto found = anchors_.find(anchor);
    const bool inside = std::any_of(open_.begin(), open_.end(), [&](const Open& open) {
      return found != anchors_.end() && open.node == found->second;
    });
    if (found == anchors_.end() || inside) {
      complain_(mark_of(mark), "an alias stands inside what it names");
      place(std::make_shared<Node>());
    } else {
      place(found->second);
    }
  }

 private:
  struct Open {
    std::shared_ptr<Node> node;
    bool has_key = false;  ///< of a map: the next node is a value
    bool dropped = false;  ///< the value of a key that was complained of
    std::string key = {};
    Mark key_mark = {};
  };

  std::shared_ptr<Node> make(Node::Kind kind, const YAML::Mark& mark, YAML::anchor_t anchor) {
    auto node = std::make_shared<Node>();
    node->kind = kind;
    node->mark = mark_of(mark);
    if (anchor != YAML::NullAnchor) anchors_[anchor] = node;
    return node;
  }

  void open(const std::shared_ptr<Node>& node) {
    place(node);
    open_.push_back({.node = node});
  }

  void place(const std::shared_ptr<Node>& node) {
    if (open_.empty()) {
      root_ = node;
      return;
    }
    Open& parent = open_.back();
    if (parent.node->kind == Node::Kind::Sequence) {
      parent.node->items.push_back(node);
    } else if (!parent.has_key) {
      take_key(parent, *node);
    } else {
      parent.has_key = false;
      if (!parent.dropped) parent.node->entries.push_back({parent.key, parent.key_mark, node});
    }
  }

  void take_key(Open& parent, const Node& key) {
    parent.has_key = true;
    parent.dropped = true;
    parent.key = key.text;
    parent.key_mark = key.mark;
    if (key.kind != Node::Kind::Scalar) {
      complain_(key.mark, "a key must be plain text");
      return;
    }
    for (const Entry& entry : parent.node->entries) {
      if (entry.key != key.text) continue;
      complain_(key.mark,
                fmt::format("\"{}\" stands twice, first in line {}", key.text, entry.mark.line));
      return;
    }
    parent.dropped = false;
  }

  const Complain& complain_;
  std::shared_ptr<const Node> root_ = std::make_shared<Node>();
  std::vector<Open> open_;
  std::map<YAML::anchor_t, std::shared_ptr<Node>> anchors_;
};

}  // namespace

std::shared_ptr<const Node> parse(const std::string& text, const Complain& complain) {
  Builder builder(complain);
  try {
    std::istringstream stream(text);
    YAML::Parser parser(stream);
    if (!parser.HandleNextDocument(builder)) return builder.root();
    Builder second([](Mark, std::string) {});
    if (parser.HandleNextDocument(second)) {
      complain(second.root()->mark, "a second document begins; the file must hold one");
    }
  } catch (const YAML::Exception& e) {
    complain(mark_of(e.mark), "the YAML is broken: " + e.msg);
    return std::make_shared<Node>();  // what half a tree lacks nobody should be told
  }
  return builder.root();
}

}  // namespace driftd::yaml

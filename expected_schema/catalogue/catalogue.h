#pragma once

#include <compare>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "expected_schema/base/error.h"

/// The vocabulary: what a schema is made of. No PostgreSQL, no input or output here.
namespace driftd {

/// What an object is called, independent of any catalogue.
struct ObjectId {
  std::string kind;      ///< "table", "column", ...: the names in introspect/kinds.h
  std::string identity;  ///< as pg_identify_object prints it: qualified and quoted by the server

  friend auto operator<=>(const ObjectId&, const ObjectId&) = default;
};

/// `table app.users`.
std::string to_string(const ObjectId& id);

/// One fact about an object. A fact that is SQL NULL is absent, not empty.
struct Property {
  std::string_view name;
  std::string_view value;

  friend bool operator==(const Property&, const Property&) = default;
};

/// An object of a catalogue. All its text lives in the catalogue, and as long as it.
struct Object {
  std::string_view kind;
  std::string_view identity;
  std::string_view parent_kind;  ///< empty, with parent_identity, where nothing contains it
  std::string_view parent_identity;
  std::span<const Property> properties;  ///< in the order of the kind's query

  ObjectId id() const { return {std::string(kind), std::string(identity)}; }
  ObjectId parent() const { return {std::string(parent_kind), std::string(parent_identity)}; }
  bool has_parent() const { return !parent_kind.empty(); }
  /// The value of a property, or nothing where it is absent.
  std::optional<std::string_view> property(std::string_view name) const;
};

/// A schema as it was read: objects sorted by (kind, identity), each there once, from a server
/// of one major version. Immutable and cheap to move; thousands of objects share their text.
class Catalogue {
 public:
  /// Collects objects in any order.
  class Builder {
   public:
    explicit Builder(int server_major);
    ~Builder();
    Builder(Builder&&) noexcept;
    Builder& operator=(Builder&&) noexcept;

    /// Copies the text. An empty `parent` kind means that there is none.
    void add(std::string_view kind, std::string_view identity, std::string_view parent_kind,
             std::string_view parent_identity, std::span<const Property> properties);
    /// Sorts what was added since the last call: work that build() then need not do.
    void sort_added();
    /// Throws Error{Internal} when two objects have the same kind and identity: then a kind's
    /// query is wrong, and to go on would hide one of the two.
    Catalogue build() &&;

   private:
    friend class Catalogue;
    struct Storage;
    std::unique_ptr<Storage> storage_;
  };

  ~Catalogue();
  Catalogue(Catalogue&&) noexcept;
  Catalogue& operator=(Catalogue&&) noexcept;

  std::span<const Object> objects() const;
  int server_major() const;
  /// The object, or null. Binary search.
  const Object* find(std::string_view kind, std::string_view identity) const;
  /// Another one with the same objects, for a catalogue that is on both sides of comparisons.
  Catalogue copy() const;

 private:
  explicit Catalogue(std::unique_ptr<Builder::Storage> storage);
  std::unique_ptr<Builder::Storage> storage_;
};

/// An object of which the migrations do not say what it is: whether a statement about it ran, or
/// with which value, depends on what only the application knew when it did.
struct Undetermined {
  ObjectId object;
  /// Those that are not known; empty: nothing of it is, nor whether it is there.
  std::vector<std::string> properties;
  std::string revision;  ///< of the migration that leaves it open
  std::string why;       ///< a lower-case fact without a full stop
  std::string hint;      ///< a whole sentence
  Place place;

  friend bool operator==(const Undetermined&, const Undetermined&) = default;
};

/// The same catalogue in its two roles, so that the sides of a comparison cannot be swapped.
struct Expected {
  Catalogue catalogue;
  /// What of it no comparison may hold against a database.
  std::vector<Undetermined> undetermined = {};
};
struct Actual {
  Catalogue catalogue;
};

}  // namespace driftd

#include "expected_schema/catalogue/catalogue.h"

#include <algorithm>
#include <array>
#include <memory_resource>
#include <tuple>
#include <unordered_set>
#include <utility>

#include "expected_schema/base/error.h"

namespace driftd {

std::string to_string(const ObjectId& id) {
  return id.kind + " " + id.identity;
}

std::optional<std::string_view> Object::property(std::string_view name) const {
  const auto found = std::ranges::find(properties, name, &Property::name);
  if (found == properties.end()) return std::nullopt;
  return found->value;
}

/// Kinds, property names, types, owners repeat thousands of times: each text is kept once.
struct Catalogue::Builder::Storage {
  explicit Storage(int major) : server_major(major) {}

  std::string_view keep(std::string_view text) {
    // The few texts that most rows repeat lie together, and are found without the large table.
    const auto last = text.empty() ? 0U : static_cast<unsigned char>(text.back());
    std::string_view& recent = recent_texts[(text.size() * 31 + last) % recent_texts.size()];
    if (recent != text) recent = keep_new(text);
    return recent;
  }

  std::string_view keep_new(std::string_view text) {
    if (const auto known = known_texts.find(text); known != known_texts.end()) return *known;
    auto* copy = static_cast<char*>(arena.allocate(text.size() + 1, 1));
    std::copy(text.begin(), text.end(), copy);
    return *known_texts.emplace(copy, text.size()).first;
  }

  int server_major;
  std::pmr::monotonic_buffer_resource arena;
  std::unordered_set<std::string_view> known_texts;  // empty once built
  std::array<std::string_view, 256> recent_texts;
  std::vector<Object> objects;
  std::vector<std::ptrdiff_t> sorted_until;  // the ends of the sorted runs
};

Catalogue::Builder::Builder(int server_major) : storage_(std::make_unique<Storage>(server_major)) {}
Catalogue::Builder::~Builder() = default;
Catalogue::Builder::Builder(Builder&&) noexcept = default;
Catalogue::Builder& Catalogue::Builder::operator=(Builder&&) noexcept = default;

void Catalogue::Builder::add(std::string_view kind, std::string_view identity,
                             std::string_view parent_kind, std::string_view parent_identity,
                             std::span<const Property> properties) {
  Storage& s = *storage_;
  auto* kept = static_cast<Property*>(s.arena.allocate(
      std::max<std::size_t>(1, properties.size()) * sizeof(Property), alignof(Property)));
  for (std::size_t i = 0; i < properties.size(); ++i) {
    std::construct_at(kept + i, Property{s.keep(properties[i].name), s.keep(properties[i].value)});
  }
  s.objects.push_back({s.keep(kind),
                       s.keep(identity),
                       s.keep(parent_kind),
                       s.keep(parent_identity),
                       {kept, properties.size()}});
}

namespace {
auto key(const Object& object) {
  return std::tie(object.kind, object.identity);
}
bool earlier(const Object& a, const Object& b) {
  // Each text is kept once: most pairs share their kind, and no character of it is compared.
  if (a.kind.data() == b.kind.data()) return a.identity < b.identity;
  return a.kind < b.kind;
}
}  // namespace

void Catalogue::Builder::sort_added() {
  Storage& s = *storage_;
  const auto from = s.sorted_until.empty() ? 0 : s.sorted_until.back();
  std::sort(s.objects.begin() + from, s.objects.end(), earlier);
  s.sorted_until.push_back(std::ssize(s.objects));
}

Catalogue Catalogue::Builder::build() && {
  sort_added();
  Storage& s = *storage_;
  for (std::vector<std::ptrdiff_t>& ends = s.sorted_until; ends.size() > 1;) {
    std::vector<std::ptrdiff_t> merged;
    const auto begin = s.objects.begin();
    for (std::size_t i = 0; i < ends.size(); i += 2) {
      if (i + 1 < ends.size()) {
        const auto from = i == 0 ? 0 : ends[i - 1];
        std::inplace_merge(begin + from, begin + ends[i], begin + ends[i + 1], earlier);
      }
      merged.push_back(ends[std::min(i + 1, ends.size() - 1)]);
    }
    ends = std::move(merged);
  }
  const auto twice = std::ranges::adjacent_find(
      s.objects, [](const Object& a, const Object& b) { return key(a) == key(b); });
  if (twice != s.objects.end()) {
    throw Error(Reason::Internal, "two objects are both " + to_string(twice->id()),
                "This is a defect of driftd; please report it with the server's version.");
  }
  s.objects.shrink_to_fit();
  std::unordered_set<std::string_view>().swap(s.known_texts);
  return Catalogue(std::move(storage_));
}

Catalogue::Catalogue(std::unique_ptr<Builder::Storage> storage) : storage_(std::move(storage)) {}
Catalogue::~Catalogue() = default;
Catalogue::Catalogue(Catalogue&&) noexcept = default;
Catalogue& Catalogue::operator=(Catalogue&&) noexcept = default;

std::span<const Object> Catalogue::objects() const {
  return storage_->objects;
}
int Catalogue::server_major() const {
  return storage_->server_major;
}

Catalogue Catalogue::copy() const {
  Builder builder(server_major());
  for (const Object& object : objects()) {
    builder.add(object.kind, object.identity, object.parent_kind, object.parent_identity,
                object.properties);
  }
  return std::move(builder).build();
}

const Object* Catalogue::find(std::string_view kind, std::string_view identity) const {
  const auto& objects = storage_->objects;
  const auto wanted = std::tie(kind, identity);
  const auto found = std::ranges::lower_bound(objects, wanted, {}, key);
  return found != objects.end() && key(*found) == wanted ? &*found : nullptr;
}

}  // namespace driftd

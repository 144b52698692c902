#pragma once

#include <optional>
#include <span>
#include <string_view>
#include <vector>

namespace driftd {

/// What a team may choose to look at: each kind of object belongs to one group, and so does each
/// property, which may be in another than its object.
enum class Group {
  Structure,      ///< what the app's statements name: schemas, tables, columns, keys, types
  Code,           ///< what runs in the database: functions, views, triggers, rules, operators
  Security,       ///< owners, privileges, row security, security labels
  Storage,        ///< where and how rows are kept: tablespaces, storage parameters, statistics
  Replication,    ///< publications, subscriptions, replica identity
  Documentation,  ///< comments
};

/// `structure`, `code`, ...: the settings' words.
std::string_view name_of(Group group);
std::span<const Group> all_groups();
std::optional<Group> group_named(std::string_view name);

/// The group of a kind, or of one of its properties. A kind that the table does not know belongs to
/// Structure; a test keeps that from happening.
Group group_of(std::string_view kind, std::string_view property = {});
bool has_group(std::string_view kind);  ///< whether the table knows the kind

}  // namespace driftd

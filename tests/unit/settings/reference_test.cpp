// config/ is what a newcomer copies, so it must say the truth about every key and default.
#include <gtest/gtest.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>

#include "daemon/settings/keys.h"
#include "daemon/settings/settings.h"
#include "expected_schema/base/text.h"

namespace driftd {
namespace {

namespace fs = std::filesystem;

const std::string config = DRIFTD_SOURCE_DIR "/config/";

/// The reference with its commented-out keys made live: lines whose `#` stands in the first column
/// with no blank after it, or with the deeper indentation of a block.
std::string uncommented(const std::string& text) {
  std::string result;
  bool in_block = false;
  for (std::string line : split(text, '\n')) {
    if (line.starts_with("#databases:")) in_block = true;
    if (!line.starts_with('#')) in_block = false;
    if (in_block) line.erase(0, 1);
    result += line + "\n";
  }
  return result;
}

TEST(Reference, HoldsEveryDefault) {
  const Settings settings = load_settings(config + "driftd.yaml");
  EXPECT_EQ(print_settings(settings), print_settings(Settings{}));
}

TEST(Reference, ItsCommentedOutKeysHoldToo) {
  const fs::path folder = fs::path(testing::TempDir()) / "driftd_reference";
  fs::create_directories(folder / "migrations");
  const Settings settings = parse_settings(uncommented(read_file(config + "driftd.yaml")),
                                           "driftd.yaml", folder.string());
  ASSERT_EQ(settings.databases.size(), 1U);
  DatabaseSettings database = settings.databases.front();
  EXPECT_EQ(database.name, "app");
  EXPECT_EQ(database.history.path, (folder / "migrations").string());
  EXPECT_FALSE(database.endpoint.conninfo.empty());
  Settings expected;
  expected.databases = {DatabaseSettings{}};
  expected.databases.front().name = database.name;
  expected.databases.front().endpoint = database.endpoint;
  expected.databases.front().history.path = database.history.path;
  EXPECT_EQ(print_settings(settings), print_settings(expected));
  fs::remove_all(folder);
}

template <typename Part>
void expect_named(const std::string& text, const std::vector<Key<Part>>& keys,
                  bool keys_at_the_margin = false) {
  for (const Key<Part>& key : keys) {
    const auto dot = key.path.rfind('.');
    const auto leaf = dot == std::string_view::npos ? key.path : key.path.substr(dot + 1);
    const std::string begin = dot == std::string_view::npos && keys_at_the_margin ? "\n" : " ";
    EXPECT_NE(text.find(begin + std::string(leaf) + ":"), std::string::npos) << key.path;
  }
}

TEST(Reference, NamesEveryKey) {
  const std::string text = read_file(config + "driftd.yaml");
  expect_named(text, database_keys());
  expect_named(text, global_keys(), true);
}

TEST(Reference, TheSchemaIsTheTables) {
  const std::string file = config + "driftd.schema.json";
  if (std::getenv("UPDATE_GOLDEN") != nullptr) std::ofstream(file) << settings_schema();
  EXPECT_EQ(read_file(file), settings_schema());
}

}  // namespace
}  // namespace driftd

#pragma once

#include <chrono>
#include <optional>
#include <string>

#include "expected_schema/scratch/process.h"
#include "expected_schema/scratch/server.h"

namespace driftd {

/// `driftd-scratch-XXXXXX`: what one embedded server has on disk. Mode 0700, owned by the user that
/// runs the server. In it: `driftd.lock`, `server.log`, `data/`, the socket.
///
/// The lock file marks the folder as ours, and whoever holds its flock owns the server: driftd and
/// the keeper share one open file description, so it is free exactly when both are gone.
struct PrivateDirectory {
  std::string path;
  Descriptor lock;  ///< held
  Descriptor log;   ///< readable here even after the file was removed

  std::string data() const { return path + "/data"; }
};

/// Makes one. Throws Error{Scratch}: the parent cannot be written to, or is so long that a socket
/// in the folder has no valid path, or holds a byte that libpq or PostgreSQL takes apart.
PrivateDirectory make_private_directory(const ScratchSettings& settings,
                                        const std::optional<User>& user);

/// ext4 takes no inode that was freed in the last minutes, and walks over all of them for each new
/// file: where a database of thousands of tables was just dropped, a replay took three times as
/// long. In a folder marked as the top of a hierarchy (chattr +T) it puts each new folder, and the
/// files in it, into a part of the disk of its own. Other file systems refuse the mark and do not
/// need it.
void spread_folders_of(const std::string& path);

/// The first major version whose CREATE DATABASE takes an OID, which names the database's folder.
inline constexpr int oldest_with_oids = 15;

/// Where private directories are made: absolute, without symbolic links.
std::string parent_directory(const ScratchSettings& settings);

/// Removes it, the data first, so that what an interrupted removal leaves still has its lock file.
/// Returns false when something is left.
bool remove_private_directory(const std::string& path);

/// The last lines of the server's log, for an error.
std::string log_tail(const Descriptor& log);

/// Ends the postmaster of a data folder, if there is one, at once (as `pg_ctl stop -m immediate`),
/// by force after `patience`; and its System V shared memory. A process is taken for it only when
/// it works in that folder.
void end_postmaster(const std::string& data, std::chrono::milliseconds patience);

/// True once the server accepts connections, as `pg_ctl --wait` sees it.
bool is_ready(const std::string& data);

/// The identifier of a running server's System V shared memory, or -1.
int shared_memory_of(const std::string& data);

/// The kernel keeps a killed server's segment until somebody removes it. Leaves one alone that
/// somebody else owns or that is still in use after a second.
void remove_shared_memory(int segment, uid_t owner);

/// Ends the servers and removes the private directories whose owners are gone.
int remove_private_leftovers(const ScratchSettings& settings);

}  // namespace driftd

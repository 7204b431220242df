import BranchClient
import Glibc

/// The reader of the appliance that runs on this machine, borrowed for one command.
struct ApplianceLoan {
  private let socket: ApplianceSocket
  private let reader: BorrowedReader

  /// - Parameter connstring: the reader the command is for; nil takes any.
  /// - Returns: nil where no appliance has that reader.
  /// - Throws: `CommandFailure` where one has it and keeps it.
  static func asked(
    for connstring: String?, _ options: GlobalOptions
  ) async throws -> ApplianceLoan? {
    let socket: ApplianceSocket
    do throws(ApplianceSocket.Absence) { socket = try ApplianceSocket(path: path) } catch {
      if error == .forbidden {
        options.note(
          "smartotpd runs here and may have the reader; this user may not ask it (\(path))")
      }
      return nil
    }
    let held = await socket.readerName()
    guard let held, connstring.map({ isSame($0, held) }) ?? true else {
      await socket.close()
      return nil
    }
    do throws(BorrowingFailure) {
      let reader = try await socket.borrowReader()
      options.note("smartotpd lends its reader")
      return ApplianceLoan(socket: socket, reader: reader)
    } catch {
      await socket.close()
      throw CommandFailure("smartotpd has the reader \(held): \(error.explanation)", .tryAgain)
    }
  }

  func end() async {
    await reader.giveBack()
    await socket.close()
  }

  /// A name may leave out what libnfc finds by itself, such as a line's speed.
  private static func isSame(_ one: String, _ other: String) -> Bool {
    one == other || one.hasPrefix(other + ":") || other.hasPrefix(one + ":")
  }

  private static var path: String {
    if let value = getenv("SMARTOTP_BRANCH_SOCKET"), value.pointee != 0 {
      return String(cString: value)
    }
    return ApplianceSocket.standardPath
  }
}

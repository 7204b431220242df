#if !hasFeature(Embedded)
  /// How a command and its answer are put together from several APDUs.
  public struct ExchangePolicy: Hashable, Sendable {
    /// The command that fetches the rest after `61xx`; nil hands `61xx` back to the caller.
    /// If it has an Ne, that becomes the count the card gave, otherwise no Le is sent.
    public var sendRemaining: CommandAPDU?
    /// Repeat once after `6Cxx` with the length the card asked for. Off for commands that must
    /// not reach the card twice.
    public var repeatsAfterWrongLength: Bool
    /// The most data bytes in an answer.
    public var maximumBytes: Int
    /// The most APDUs that fetch one answer.
    public var maximumRounds: Int

    public init(
      sendRemaining: CommandAPDU?, repeatsAfterWrongLength: Bool = true,
      maximumBytes: Int = ResponseAPDU.maximumData, maximumRounds: Int = 300
    ) {
      self.sendRemaining = sendRemaining
      self.repeatsAfterWrongLength = repeatsAfterWrongLength
      self.maximumBytes = maximumBytes
      self.maximumRounds = maximumRounds
    }

    /// ISO/IEC 7816-4's own: GET RESPONSE.
    public static let getResponse = ExchangePolicy(
      sendRemaining: CommandAPDU(cla: 0, ins: 0xC0, p1: 0, p2: 0, expectedLength: 256))
  }

  extension CardChannel {
    /// Sends a command and returns the whole answer: long commands are chained when the card
    /// takes no extended length, `6Cxx` is obeyed once, `61xx` is followed to its end.
    ///
    /// - Throws: what `transmit` throws; `protocolViolation` when the card's chain exceeds the
    ///   policy's bounds or it asks for another length twice.
    public func exchange(
      _ command: CommandAPDU, policy: ExchangePolicy, deadline: ContinuousClock.Instant
    ) async throws(CardError) -> ResponseAPDU {
      var response = try await transmitChained(command, deadline: deadline)
      if policy.repeatsAfterWrongLength, let length = response.1.statusWord.correctLength {
        var repeated = response.0
        repeated.expectedLength = length
        response.1 = try await transmit(repeated, deadline: deadline)
        if response.1.statusWord.correctLength != nil {
          throw CardError(.protocolViolation(.repeatedWrongLength))
        }
      }
      return try await fetchRemaining(after: response.1, policy: policy, deadline: deadline)
    }

    /// The last command sent and the answer to it: the chain's last, or the first that failed.
    /// A part answered with `61xx` or `6Cxx` must not pass for an answer to the whole.
    private func transmitChained(
      _ command: CommandAPDU, deadline: ContinuousClock.Instant
    ) async throws(CardError) -> (CommandAPDU, ResponseAPDU) {
      guard command.data.count > 255, await !acceptsExtendedLength else {
        return (command, try await transmit(command, deadline: deadline))
      }
      guard command.data.count <= CommandAPDU.maximumData else {
        throw CardError(.commandNotEncodable(.dataTooLong(count: command.data.count)))
      }
      var last = (command, ResponseAPDU(statusWord: .success))
      let chain = command.chained()
      for (index, part) in chain.enumerated() {
        last = (part, try await transmit(part, deadline: deadline))
        let status = last.1.statusWord
        if index == chain.count - 1 || status.isSuccess { continue }
        if status.remainingLength != nil || status.correctLength != nil {
          throw CardError(.protocolViolation(.brokenCommandChain))
        }
        return last
      }
      return last
    }

    private func fetchRemaining(
      after first: ResponseAPDU, policy: ExchangePolicy, deadline: ContinuousClock.Instant
    ) async throws(CardError) -> ResponseAPDU {
      var response = first
      guard var next = policy.sendRemaining else { return response }
      var data = response.data
      var rounds = 1
      while let remaining = response.statusWord.remainingLength {
        guard rounds < policy.maximumRounds, data.count <= policy.maximumBytes else {
          throw CardError(.protocolViolation(.endlessChain))
        }
        if next.expectedLength != nil { next.expectedLength = remaining }
        response = try await transmitAfterExecution(next, deadline: deadline)
        data += response.data
        rounds += 1
      }
      guard data.count <= policy.maximumBytes else {
        throw CardError(.protocolViolation(.answerTooLong))
      }
      return ResponseAPDU(data: data, statusWord: response.statusWord)
    }

    /// The command that led here was executed: an error now must not say that it was not.
    private func transmitAfterExecution(
      _ command: CommandAPDU, deadline: ContinuousClock.Instant
    ) async throws(CardError) -> ResponseAPDU {
      do {
        return try await transmit(command, deadline: deadline)
      } catch {
        var executed = error
        executed.commandMayHaveRun = true
        throw executed
      }
    }
  }
#endif

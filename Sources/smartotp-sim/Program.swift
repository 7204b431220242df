import ArgumentParser
import Simulation

@main
struct Program: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "smartotp-sim",
    abstract: "A PN532 reader that is not there, with cards, on a pseudo-terminal.",
    discussion: """
      The first line of output is what libnfc takes as a device, alone. Whoever opens it meets a \
      PN532 as it behaves on a serial port; what it meets in the field is up to the options.

      Commands on standard input, one answer line each:
        tap [N|all]    put card N (the first is 1) into the field, or all
        remove [N|all] take them out again
        fault SPEC     arm a fault; its counts begin now
        disarm         take back faults that have not happened
        heal           mend a line that was cut
        counters       commands, bytes and faults so far
        reset          begin counting anew
        cards          which cards there are, and which are in the field
        quit           end
      The end of the input ends the simulation too, unless --daemon says to ignore the input; so \
      do SIGINT and SIGTERM. Link and port are removed in any case.

      Faults (counts and positions begin at 0):
        line,to=host|chip,frame=N,byte=P,WHAT[,kind=KIND][,repeat]
          KIND: ack nack info error noise
          WHAT: drop flip=HEX insert=HEX hold=MS split cut
        chip,command=N,WHAT[,code=HEX][,repeat]
          WHAT: status=HEX refuse=HEX answer=HEX delay=MS
                mute ignore nack error reset
        card,apdu=N,WHAT[,back=MS][,repeat]
          WHAT: pull-before pull-during late=MS answer=HEX
                silent nad=HEX endless

      Examples:
        smartotp-sim --credential alice=JBSWY3DPEHPK3PXP
        smartotp-sim --paced --smart-otp K01:12345678:3031…3031
        smartotp-sim --access-key 000102030405060708090a0b0c0d0e0f
        smartotp-sim --card mifare-classic --card type-b --log -
        smartotp-sim --fault chip,code=40,command=1,status=02
        smartotp-sim --card hostile:ats-length-0
      """)

  @OptionGroup(title: "Cards") var cardOptions: CardOptions
  @OptionGroup(title: "Line") var lineOptions: LineOptions

  @Flag(help: "Answer commands with JSON objects.")
  var json = false

  @Flag(help: "Ignore standard input; run until SIGINT or SIGTERM.")
  var daemon = false

  func validate() throws {
    _ = try cardOptions.kinds()
    _ = try cardOptions.oathSettings()
    _ = try lineOptions.faults()
  }

  func run() throws {
    let session = try Session(cards: cardOptions, line: lineOptions)
    Termination.onSignal { session.end() }
    print(session.reader.connectionString)
    flushOutput()
    if daemon {
      Termination.waitForSignal()
    } else {
      Console(session: session, writesJSON: json).run()
    }
    session.end()
  }
}

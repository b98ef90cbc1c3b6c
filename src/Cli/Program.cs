return PretrainBench.Cli.Shell.CommandLineProgram.Run(args);

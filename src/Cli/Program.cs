PretrainBench.Torch.TorchProcess.Prepare();
return PretrainBench.Cli.Shell.CommandLineProgram.Run(args);

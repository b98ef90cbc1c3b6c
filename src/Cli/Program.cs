Console.Error.WriteLine("pretrainbench: no commands yet");
return 2;
